"""The paths of api.weixin.qq.com, a subject of the platform's pages in each file."""
