/* libcurl's setopt and getinfo are variadic, which Swift cannot call: one typed function for each type of argument. */
#ifndef POSTROOM_CCURL_SHIM_H
#define POSTROOM_CCURL_SHIM_H

#include <curl/curl.h>
#include <stddef.h>

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

/* NULL unsets the option; libcurl copies the string. */
static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

/* Called with each line of the login dialogue that the server sends (see CURLOPT_HEADERFUNCTION). */
typedef size_t (*ccurl_line_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_line_callback(CURL *handle, ccurl_line_callback callback, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

/* Called with each piece of a response's body; without it libcurl writes the body to standard output. */
static inline CURLcode ccurl_set_body_callback(CURL *handle, ccurl_line_callback callback) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
}

/* Called with each SSL_CTX before its handshake: first the proxy's, if it is an https one, then the server's
   (see CURLOPT_SSL_CTX_FUNCTION). */
typedef CURLcode (*ccurl_context_callback)(CURL *handle, void *ssl_context, void *context);

static inline CURLcode ccurl_set_context_callback(CURL *handle, ccurl_context_callback callback, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, callback);
    return code != CURLE_OK ? code : curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, context);
}

/* The file of trusted certificates that libcurl was built for; NULL where it has none. It lives for ever. */
static inline const char *ccurl_default_ca_file(CURL *handle) {
    char *file = NULL;
    return curl_easy_getinfo(handle, CURLINFO_CAINFO, &file) == CURLE_OK ? file : NULL;
}

/* CURL_VERSION_NTLM, CURL_VERSION_GSASL and so on. */
static inline int ccurl_has_feature(int feature) { return (curl_version_info(CURLVERSION_NOW)->features & feature) != 0; }

/* What an HTTP proxy answered to CONNECT, 0 when it did not. */
static inline long ccurl_connect_code(CURL *handle) {
    long code = 0;
    return curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &code) == CURLE_OK ? code : 0;
}

/* Why a SOCKS proxy failed, CURLPX_OK when it did not. */
static inline CURLproxycode ccurl_proxy_code(CURL *handle) {
    long code = CURLPX_OK;
    return curl_easy_getinfo(handle, CURLINFO_PROXY_ERROR, &code) == CURLE_OK ? (CURLproxycode)code : CURLPX_OK;
}

/* The socket of a CONNECT_ONLY session, to poll on; CURL_SOCKET_BAD when there is none. */
static inline curl_socket_t ccurl_active_socket(CURL *handle) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK) return CURL_SOCKET_BAD;
    return socket;
}

/* The last three-digit reply of an SMTP login, 0 when there was none. */
static inline long ccurl_response_code(CURL *handle) {
    long code = 0;
    if (curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code) != CURLE_OK) return 0;
    return code;
}

/* Lets a multi handle work, and waits until it has something to do, `extra` is readable or the time is over. */
static inline CURLMcode ccurl_multi_wait(CURLM *multi, int extra, int timeout_ms) {
    struct curl_waitfd waited = { .fd = extra, .events = CURL_WAIT_POLLIN, .revents = 0 };
    return curl_multi_poll(multi, &waited, 1, timeout_ms, NULL);
}

/* Takes the result of the only transfer of a multi handle: 1 when it is done, 0 when it is not. */
static inline int ccurl_multi_result(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return 1;
        }
    }
    return 0;
}

#endif
