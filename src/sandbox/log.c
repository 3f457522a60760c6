#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/mem.h"

bool log_open(struct service *service, struct problem *why)
{
    const char *path = service->options.log;

    if (!path)
        return true;
    service->log = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    return service->log >= 0 || problem_errno(why, path, "cannot be written");
}

void log_line(const struct service *service, const struct request *request, const struct reply *reply)
{
    struct text line = {0};

    if (service->log < 0)
        return;
    char *path = mem_copy_bytes(request->target, strcspn(request->target, "?"));

    clean_add(&line, request->method, CLEAN_NAME);
    text_add_char(&line, ' ');
    clean_add(&line, path, CLEAN_NAME);
    text_addf(&line, " %d%s\n", reply->status, reply->replayed ? " replayed" : "");
    if (write(service->log, line.bytes, line.size) != (ssize_t)line.size)
        fprintf(stderr, "commerce-sandbox: the log cannot be written\n");
    free(path);
    text_clear(&line);
}

void log_close(struct service *service)
{
    if (service && service->log >= 0)
        close(service->log);
}
