FROM wordpress:6-php8.3-fpm
LABEL org.opencontainers.image.source="https://example.com/shop" \
      org.opencontainers.image.revision="unknown"
RUN { \
		echo 'opcache.memory_consumption=128'; \
		echo 'opcache.revalidate_freq=2'; \
	} > /opcache-recommended.ini
COPY --chown=82 public/ /usr/src/wordpress/wp-content/themes/shop/
COPY config/supervisord.conf /etc/
EXPOSE 9000
