FROM alpine:3.20
ENV A=1 B="two words" C='single $A' D=back\ slash E=
ENV OLD style value with   spaces
ENV F=${A}${B} G=${MISSING-dash} H=${E:-empty} I="quoted \"inner\" \$A"
LABEL "com.example.vendor"="ACME Incorporated" \
      com.example.label-with-value="foo" \
      description="This text illustrates \
that label-values can span multiple lines."
ENV PATH=/opt/bin:$PATH
RUN env | sort > /env.txt
