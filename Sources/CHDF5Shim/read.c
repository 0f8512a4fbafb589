#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

pthread_mutex_t chdf5_lock = PTHREAD_MUTEX_INITIALIZER;

void chdf5_free(void *memory) { free(memory); }

// All the child writes, or null with a reason.
static uint8_t *receive(int descriptor, uint64_t limit, size_t *count, const char **reason) {
  uint8_t *bytes = NULL;
  size_t filled = 0, capacity = 0;
  for (;;) {
    if (filled == capacity) {
      size_t next = capacity ? 2 * capacity : 1 << 16;
      uint8_t *larger = filled > limit ? NULL : realloc(bytes, next);
      if (!larger) {
        *reason = "holds more than the memory allowed for it";
        free(bytes);
        return NULL;
      }
      bytes = larger;
      capacity = next;
    }
    ssize_t n = read(descriptor, bytes + filled, capacity - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      *reason = "cannot be read";
      free(bytes);
      return NULL;
    }
    if (n == 0) break;
    filled += (size_t)n;
  }
  *count = filled;
  return bytes;
}

int chdf5_read(
    const struct chdf5_request *request, uint8_t **message, size_t *count, char *reason, size_t reason_size) {
  const char *problem = "cannot be read: no process could be started for it";
  int ends[2];
  if (pipe(ends) != 0) {
    snprintf(reason, reason_size, "%s", problem);
    return -1;
  }
  pthread_mutex_lock(&chdf5_lock);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    chdf5_child(request, ends[1]);
  }
  pthread_mutex_unlock(&chdf5_lock);
  close(ends[1]);
  uint8_t *bytes = NULL;
  if (child > 0) {
    bytes = receive(ends[0], request->message_limit, count, &problem);
    if (!bytes) kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (bytes && WIFSIGNALED(status)) {
      int signal = WTERMSIG(status);
      problem = signal == SIGXCPU || signal == SIGALRM ? "takes too long to read: it is damaged"
                                                       : "is damaged: the HDF5 library fails on it";
      free(bytes);
      bytes = NULL;
    }
  }
  close(ends[0]);
  *message = bytes;
  if (!bytes) snprintf(reason, reason_size, "%s", problem);
  return bytes ? 0 : -1;
}
