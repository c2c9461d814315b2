/* The few calls of OpenSSL that libcurl leaves to its callers. libcurl and this file share one libssl: libcurl hands us the
   SSL_CTX it made. Contexts and stores are `void *`, so that nobody needs OpenSSL's headers. */
#ifndef POSTROOM_CTLSSHIM_H
#define POSTROOM_CTLSSHIM_H

/* The certificates of a PEM file as trusted ones, counted by reference and usable by many threads; NULL when there are
   none, and then `reason`, where OpenSSL knows one, is a text that lives for ever. */
void *tls_store_create(const char *file, const char **reason);
void tls_store_release(void *store);

/* An SSL_CTX checks its peers against this store from now on. */
void tls_context_trust(void *context, void *store);

/* The highest version of TLS that was asked for, 0 for no limit; what TLS 1.3 is called there. */
long tls_context_highest_version(void *context);
long tls_version_1_3(void);

/* What is wrong with a client certificate and its key, both PEM files; nothing asks at a terminal for a password. */
enum tls_certificate_state {
    TLS_CERTIFICATE_GOOD,
    TLS_CERTIFICATE_UNREADABLE,
    TLS_CERTIFICATE_KEY_UNREADABLE,
    TLS_CERTIFICATE_KEY_OF_ANOTHER,
    TLS_CERTIFICATE_EXPIRED
};
int tls_client_certificate_state(
    const char *certificate_file, const char *key_file, const char *key_password, const char **reason);

#endif
