FROM alpine:3.20
COPY --exclude=*.md --exclude=docs . /all/
