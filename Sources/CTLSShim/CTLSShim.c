#include "CTLSShim.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

/* Connections end on threads of their own, and may still do so while the process ends: OpenSSL must not take itself apart
   at exit under their feet, which ends in SIGSEGV. Only the very first call can say so, and hashing comes before any
   connection; therefore before main. */
__attribute__((constructor)) static void keep_until_exit(void) { OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL); }

/* The last error in words. The queue belongs to the thread, and libcurl reads it, too: it is left empty. */
static const char *take_reason(void) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason;
}

void *tls_store_create(const char *file, const char **reason) {
    *reason = NULL;
    ERR_clear_error();
    X509_STORE *store = X509_STORE_new();
    if (store != NULL && X509_STORE_load_locations(store, file, NULL) == 1) {
        /* As libcurl sets them: a certificate in the file is trusted whether or not it signed itself. */
        X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
        return store;
    }
    *reason = take_reason();
    X509_STORE_free(store);
    return NULL;
}

void tls_store_release(void *store) { X509_STORE_free(store); }

void tls_context_trust(void *context, void *store) { SSL_CTX_set1_cert_store(context, store); }

long tls_context_highest_version(void *context) { return SSL_CTX_get_max_proto_version((SSL_CTX *)context); }
long tls_version_1_3(void) { return TLS1_3_VERSION; }

static int give_password(char *buffer, int size, int writing, void *password) {
    (void)writing;
    size_t length = password == NULL ? 0 : strlen(password);
    if (length > (size_t)size) return -1;
    memcpy(buffer, password == NULL ? "" : password, length);
    return (int)length;
}

static int state_of(SSL_CTX *context, const char *certificate_file, const char *key_file) {
    if (SSL_CTX_use_certificate_chain_file(context, certificate_file) != 1) return TLS_CERTIFICATE_UNREADABLE;
    if (SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) != 1) {
        /* Setting the key compares it with the certificate. */
        int other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH
            || ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH;
        return other && ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509 ? TLS_CERTIFICATE_KEY_OF_ANOTHER
                                                                            : TLS_CERTIFICATE_KEY_UNREADABLE;
    }
    if (SSL_CTX_check_private_key(context) != 1) return TLS_CERTIFICATE_KEY_OF_ANOTHER;
    const X509 *certificate = SSL_CTX_get0_certificate(context);
    return X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 ? TLS_CERTIFICATE_EXPIRED : TLS_CERTIFICATE_GOOD;
}

int tls_client_certificate_state(
    const char *certificate_file, const char *key_file, const char *key_password, const char **reason) {
    *reason = NULL;
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int state = TLS_CERTIFICATE_UNREADABLE;
    if (context != NULL) {
        SSL_CTX_set_default_passwd_cb(context, give_password);
        SSL_CTX_set_default_passwd_cb_userdata(context, (void *)key_password);
        state = state_of(context, certificate_file, key_file);
    }
    *reason = take_reason();
    SSL_CTX_free(context);
    return state;
}
