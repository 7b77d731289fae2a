"""A stand-in for the LMS and Studio: the platform's storage rules on real databases, without the platform."""
