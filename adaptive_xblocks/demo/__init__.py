"""The demo: xblock-sdk's workbench with this suite's scenarios, a page like the LMS's and seeded learners.

`python -m adaptive_xblocks.demo` starts it; it needs the extra `adaptive-xblocks[demo]`. Nothing in the blocks
imports this package.
"""
