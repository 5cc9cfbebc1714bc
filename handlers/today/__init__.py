"""今日: what rings, what is late, who waits, whom to call, what the last shift left."""
