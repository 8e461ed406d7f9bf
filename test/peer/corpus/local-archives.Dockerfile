FROM alpine:3.20
ADD archive.tar.gz /unpacked/
COPY archive.tar.gz /kept/
ADD --chown=5:6 archive.tar.gz /owned/
ADD --unpack=false archive.tar.gz /also-kept/
