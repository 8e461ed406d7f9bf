FROM alpine:3.20 AS base
RUN echo base > /base
FROM base AS test
RUN echo test > /report
FROM base AS lint
RUN exit 1
FROM base AS release
COPY --from=test /report /report
LABEL stage=release
FROM release AS debug
RUN false
