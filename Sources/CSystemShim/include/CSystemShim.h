/* Calls of Linux and glibc that Swift's Glibc module does not show, or shows only as macros. Each returns what the call
   returns, and -1 (mallopt: 0) when it fails, as its manual page says. */
#ifndef POSTROOM_CSYSTEMSHIM_H
#define POSTROOM_CSYSTEMSHIM_H

#include <stddef.h>
#include <stdint.h>

/* A non-blocking, close-on-exec event counter (eventfd(2)). */
int system_event_create(void);

/* Makes the event readable. Safe in a signal handler and from every thread. */
void system_event_signal(int event);

/* Makes it unreadable again. */
void system_event_clear(int event);

/* Two ends of a pipe, both closed on exec (pipe2(2)). */
int system_pipe(int ends[2]);

/* Whether `part` stands anywhere in `whole` (memmem(3)). */
int system_contains(const void *whole, size_t whole_size, const void *part, size_t part_size);

/* A write to a connection that the peer has closed must give an error and not end the process. */
void system_ignore_sigpipe(void);

/* Bytes sent to a peer that acknowledges nothing for so long end the connection (tcp(7), TCP_USER_TIMEOUT). */
int system_set_tcp_user_timeout(int socket, unsigned milliseconds);

/* prlimit(2) for a process (0 = this one), soft and hard limit alike; for CPU time one second lies between them, so that
   SIGXCPU comes before SIGKILL. */
int system_limit_cpu_seconds(int process, uint64_t seconds);
int system_limit_address_space(int process, uint64_t bytes);
int system_limit_core_size(int process, uint64_t bytes);
int system_limit_open_files(int process, uint64_t count);

/* The process gets this signal when its parent dies (prctl(2), PR_SET_PDEATHSIG). */
int system_signal_when_parent_dies(int number);

/* Names the calling thread for `top -H`, `ps -L` and debuggers; Linux keeps 15 bytes. */
void system_name_this_thread(const char *name);

/* mallopt(3): a thread for each connection must not mean an arena of 64 MiB address space and its fragments each. */
int system_limit_malloc_arenas(int count);

/* Blocks of this size and more are mapped, so that freeing a big message gives its memory back at once. Fixing the
   value also stops glibc from raising it by itself. */
int system_set_malloc_mmap_threshold(int bytes);
int system_set_malloc_trim_threshold(int bytes);

/* Gives free memory at the top of the heaps back to the system: after a backlog, before a long wait. */
int system_trim_memory(void);

#endif
