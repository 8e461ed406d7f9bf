FROM alpine:3.20
RUN --network=none ip addr > /dev/null; echo none > /none
RUN --network=default echo default > /default
