FROM alpine:3.20
RUN <<EOT
  set -e
  echo "one" > /one
  echo "two $HOME" > /two
EOT
RUN <<PY cat > /script.py
print("hello")
PY
COPY <<-"QUOTED" <<UNQUOTED /etc/app/
	literal $HOME
	QUOTED
home is $PATH
UNQUOTED
COPY --chmod=0755 --chown=10:20 <<EOT /usr/local/bin/hello
#!/bin/sh
echo hello
EOT
RUN /usr/local/bin/hello
