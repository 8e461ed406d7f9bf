FROM alpine:3.20
WORKDIR relative
WORKDIR to
RUN pwd > here
WORKDIR /abs/${UNSET:-deep}/..
COPY README.md .
WORKDIR ./x/../y
COPY README.md ./
ENV DIR=/var/dir
WORKDIR $DIR/sub
RUN touch made && pwd
USER nobody
WORKDIR /owned
