"""Forms made by the product: written for one source and period, and read back by their codes without a recipe.

``plan`` says what a form holds, ``write`` makes the workbook, ``recognise`` reads one that comes back.
"""
