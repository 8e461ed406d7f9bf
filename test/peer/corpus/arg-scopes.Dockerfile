ARG VERSION=3.20
ARG FLAVOUR=slim
ARG NAME="two words"
FROM alpine:${VERSION} AS one
ARG VERSION
ARG UNSET
ARG OVERRIDE=default
ENV V=$VERSION U=${UNSET:-nothing} O=${OVERRIDE}
RUN echo "$V $U $O $HTTP_PROXY" > /one
FROM debian:bookworm-${FLAVOUR}
ARG NAME
ARG SECOND=${NAME}-2 THIRD
ENV FULL=${NAME} CUT=${SECOND%%-*} TAIL="${SECOND#two }" SWAP=${SECOND/words/things} PLUS=${THIRD:+yes}
LABEL name=$NAME second="$SECOND"
COPY --from=one /one /one
RUN echo "$NAME $SECOND $THIRD" > /two
