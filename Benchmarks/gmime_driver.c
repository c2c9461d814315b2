/* gmime_driver: reads the same mails as MIMEBenchmark with GMime and does the same work.
 *
 *     gmime_driver FOLDER SECONDS      CPU time of whole passes over all mails, as one JSON line
 *     gmime_driver --memory FILE       reads one mail, decodes all of its parts, prints the highest resident memory
 *
 * The work: parse from memory without a copy, the fields that everybody asks for, every leaf decoded, text as UTF-8.
 *
 *     cc -O2 gmime_driver.c -o gmime_driver $(pkg-config --cflags --libs gmime-3.0)
 */
#include <dirent.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct totals {
    long mails, parts, decoded, text;
};

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static void decode_leaf(GMimePart *part, struct totals *totals) {
    g_mime_part_get_filename(part);
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text((GMimeTextPart *)part);
        if (text) totals->text += strlen(text);
        g_free(text);
        return;
    }
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content) return;
    GMimeStream *memory = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, memory);
    totals->decoded += g_mime_stream_length(memory);
    g_object_unref(memory);
}

static void visit(GMimeObject *object, struct totals *totals) {
    totals->parts++;
    if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *multipart = (GMimeMultipart *)object;
        for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
            visit(g_mime_multipart_get_part(multipart, i), totals);
    } else if (GMIME_IS_MESSAGE_PART(object)) {
        GMimeMessage *inner = g_mime_message_part_get_message((GMimeMessagePart *)object);
        if (inner && g_mime_message_get_mime_part(inner)) visit(g_mime_message_get_mime_part(inner), totals);
    } else if (GMIME_IS_PART(object)) {
        decode_leaf((GMimePart *)object, totals);
    }
}

static void addresses(InternetAddressList *list) {
    for (int i = 0; list && i < internet_address_list_length(list); i++)
        internet_address_get_name(internet_address_list_get_address(list, i));
}

static void references(GMimeMessage *message, const char *name) {
    const char *value = g_mime_object_get_header((GMimeObject *)message, name);
    if (value) g_mime_references_free(g_mime_references_parse(NULL, value));
}

static void read_mail(GByteArray *bytes, struct totals *totals) {
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
    g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    totals->mails++;
    if (message) {
        addresses(g_mime_message_get_from(message));
        addresses(g_mime_message_get_sender(message));
        addresses(g_mime_message_get_reply_to(message));
        addresses(g_mime_message_get_to(message));
        addresses(g_mime_message_get_cc(message));
        g_mime_message_get_subject(message);
        g_mime_message_get_date(message);
        g_mime_message_get_message_id(message);
        references(message, "In-Reply-To");
        references(message, "References");
        if (g_mime_message_get_mime_part(message)) visit(g_mime_message_get_mime_part(message), totals);
        g_object_unref(message);
    }
    g_object_unref(parser);
    g_object_unref(stream);
}

static GByteArray *load(const char *path) {
    char *contents;
    gsize length;
    GError *error = NULL;
    if (!g_file_get_contents(path, &contents, &length, &error)) {
        fprintf(stderr, "%s\n", error->message);
        exit(66);
    }
    return g_byte_array_new_take((guint8 *)contents, length);
}

static int is_mail(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && !strcmp(entry->d_name + length - 4, ".eml");
}

static int memory_of(const char *path) {
    struct totals totals = {0};
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    long before = usage.ru_maxrss;
    GByteArray *bytes = load(path);
    read_mail(bytes, &totals);
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"reader\":\"GMime\",\"bytes\":%u,\"before\":%ld,\"peak\":%ld}\n", bytes->len, before * 1024,
           usage.ru_maxrss * 1024);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: gmime_driver FOLDER SECONDS | gmime_driver --memory FILE\n");
        return 64;
    }
    g_mime_init();
    if (!strcmp(argv[1], "--memory")) return memory_of(argv[2]);
    struct dirent **names;
    int count = scandir(argv[1], &names, is_mail, alphasort);
    if (count <= 0) return 66;
    GByteArray **mails = calloc(count, sizeof *mails);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], names[i]->d_name);
        mails[i] = load(path);
        bytes += mails[i]->len;
    }
    struct totals totals = {0};
    for (int i = 0; i < count; i++) read_mail(mails[i], &totals); /* warm */
    int passes = 0;
    double start = cpu_seconds(), spent = 0;
    do {
        totals = (struct totals){0};
        for (int i = 0; i < count; i++) read_mail(mails[i], &totals);
        passes++;
        spent = cpu_seconds() - start;
    } while (spent < atof(argv[2]));
    printf("{\"reader\":\"GMime\",\"bytes\":%ld,\"mails\":%ld,\"parts\":%ld,\"decoded\":%ld,\"text\":%ld,"
           "\"seconds_per_pass\":%.6f}\n",
           bytes, totals.mails, totals.parts, totals.decoded, totals.text, spent / passes);
    return 0;
}
