"""What the government decides: organisations, indicators, ratios, target groups, objectives and targets."""
