"""One script for each promise about speed, its peer or limit measured in the same run."""
