"""The figures behind the demo: fictional, but consistent with one another.

Every figure is simulated for the 63 provinces and the ministries' functions of before the reforms of 2025; a body of
after the reform reports the sum over what it is made of, so that merging and back-casting can be checked exactly.
"""
