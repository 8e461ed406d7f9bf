FROM composer:2 AS vendor
WORKDIR /app
COPY composer.json ./
RUN composer install --no-dev --no-interaction --prefer-dist --target=vendor

FROM php:8.3-apache
ENV APACHE_DOCUMENT_ROOT /var/www/html/public
RUN set -eux; \
	savedAptMark="none"; \
	apt-get update; \
	# the comment in the middle is left out
	apt-get install -y --no-install-recommends \
		libzip-dev \

		unzip; \
	mkdir -p /var/www/html
COPY --chown=33:33 . /var/www/html
COPY --from=vendor --chown=33:33 /app/vendor/ /var/www/html/vendor/
RUN sed -i -e "s!shop!store!g" /var/www/html/public/*.php
VOLUME ["/var/www/html/storage", "/var/log"]
STOPSIGNAL SIGWINCH
WORKDIR $APACHE_DOCUMENT_ROOT
