/* The functions stand here and not in the header, because they need _GNU_SOURCE: with it the system's headers look
   different from what Swift's own Glibc module has seen, and the two would not fit together. */
#define _GNU_SOURCE
#include "CSystemShim.h"

#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

int system_event_create(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void system_event_signal(int event) {
    uint64_t one = 1;
    ssize_t ignored = write(event, &one, sizeof one);
    (void)ignored; /* only a full counter fails, and then the event is readable already */
}

void system_event_clear(int event) {
    uint64_t count;
    ssize_t ignored = read(event, &count, sizeof count);
    (void)ignored; /* EAGAIN: it was clear */
}

void system_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

int system_set_tcp_user_timeout(int socket, unsigned milliseconds) {
    return setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}

static int limit(int process, int resource, uint64_t soft, uint64_t hard) {
    struct rlimit value = { .rlim_cur = soft, .rlim_max = hard };
    return prlimit(process, resource, &value, NULL);
}

int system_limit_cpu_seconds(int process, uint64_t seconds) { return limit(process, RLIMIT_CPU, seconds, seconds + 1); }
int system_limit_address_space(int process, uint64_t bytes) { return limit(process, RLIMIT_AS, bytes, bytes); }
int system_limit_core_size(int process, uint64_t bytes) { return limit(process, RLIMIT_CORE, bytes, bytes); }
int system_limit_open_files(int process, uint64_t count) { return limit(process, RLIMIT_NOFILE, count, count); }

int system_signal_when_parent_dies(int number) { return prctl(PR_SET_PDEATHSIG, number); }
void system_name_this_thread(const char *name) { prctl(PR_SET_NAME, name); }

int system_limit_malloc_arenas(int count) { return mallopt(M_ARENA_MAX, count); }
int system_set_malloc_mmap_threshold(int bytes) { return mallopt(M_MMAP_THRESHOLD, bytes); }
int system_set_malloc_trim_threshold(int bytes) { return mallopt(M_TRIM_THRESHOLD, bytes); }
int system_trim_memory(void) { return malloc_trim(0); }

int system_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int system_contains(const void *whole, size_t whole_size, const void *part, size_t part_size) {
    return memmem(whole, whole_size, part, part_size) != NULL;
}
