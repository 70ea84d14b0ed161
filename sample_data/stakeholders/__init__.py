"""The people at the employers: their confidence, their surveys, and whether they renew."""
