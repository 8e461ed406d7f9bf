FROM alpine:3.20 AS a
RUN echo a > /a
FROM a AS b
RUN echo b > /b
FROM a AS c
RUN echo c > /c
FROM b AS d
COPY --from=c /c /c
FROM d AS e
COPY --from=a /a /a2
RUN cat /a /b /c /a2 > /all
FROM scratch
COPY --from=e /all /all
COPY --from=c /c /c
