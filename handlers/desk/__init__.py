"""客服台: the inbox in which staff answer residents."""
