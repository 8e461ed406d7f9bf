FROM alpine:3.20
WORKDIR /w
COPY pac*.json Cargo.* go.??? ./
COPY [".dockerignore", "README.md", "./docs/"]
COPY src/main.[cr]* src/
COPY docs/* /docs/
ADD config/*.conf config/
