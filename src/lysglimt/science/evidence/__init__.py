"""What the trials found, put together: effect sizes, pools, networks, and how sure one may be."""
