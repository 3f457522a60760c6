/*
 * A state of 10 000 mapped attributes: how long a start reads it, and how long each answer is being saved, with what of that
 * is waiting for the disk. The best of some rounds, since others use the machine too.
 */
#include <time.h>

#include "store/store.h"
#include "support/folder.h"

#define ATTRIBUTES 10000
#define ROUNDS 15

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double best(double before, double took)
{
    return before == 0 || took < before ? took : before;
}

static struct store *open_store(const char *folder)
{
    struct problem why = {0};
    struct holder holder = {0};
    bool taken;
    return store_open(folder, true, &taken, &holder, &why);
}

/* The same bytes written and synced the same way, without anything else. */
static double sync_alone(const char *folder, size_t size)
{
    char *path = text_format("%s/alone", folder), *bytes = mem_new(size);
    double began = now();
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), above = open(folder, O_RDONLY | O_CLOEXEC);
    if (write(file, bytes, size) < 0 || fsync(file) < 0 || fsync(above) < 0)
        exit(1);
    close(file);
    close(above);
    free(path);
    free(bytes);
    return now() - began;
}

int main(void)
{
    struct value *state = NULL, *secrets = NULL;
    struct problem why = {0};
    char *folder = folder_new();
    double load = 0, save = 0, sync = 0;
    struct store *store = open_store(folder);

    if (!store || !store_load(store, &state, &secrets, &why, &why))
        return 1;
    for (int i = 0; i < ATTRIBUTES; i++) {
        char *path = text_format("answers.mapping.attribute-%05d", i), *side = text_format("marketplace/attribute/%d", i * 7);
        value_set(state, path, side);
        free(path);
        free(side);
    }
    for (int round = 0; round < ROUNDS; round++) {
        value_set(state, "answers.organization", round % 2 ? "Contoso" : "Northwind");
        double began = now();
        if (!store_save(store, state, secrets, &why))
            return 1;
        save = best(save, now() - began);
    }
    store_close(store);
    value_free(state);
    value_free(secrets);
    char *text = folder_read_text(folder, "state.yaml");
    for (int round = 0; round < ROUNDS; round++) {
        double began = now();
        store = open_store(folder);
        if (!store || !store_load(store, &state, &secrets, &why, &why))
            return 1;
        load = best(load, now() - began);
        sync = best(sync, sync_alone(folder, strlen(text)));
        store_close(store);
        value_free(state);
        value_free(secrets);
    }
    printf("state of %d mapped attributes, %zu KiB: load %.1f ms (goal 50), save %.1f ms, of which the disk %.1f ms (goal 10 beside it)\n",
           ATTRIBUTES, strlen(text) / 1024, load, save, sync);
    free(text);
    folder_gone(folder);
    return 0;
}
