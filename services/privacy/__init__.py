"""What is kept about a person: a copy of it for them, and forgetting it (个人信息保护法 Art. 45 and 47)."""
