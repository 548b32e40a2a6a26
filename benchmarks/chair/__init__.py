"""What `benchmarks.at_the_chair` measures with: a clinic, a floor beside it, clients."""
