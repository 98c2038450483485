/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The state of a model host: one shared mapping of FILE.state, its lock, and
 * the undo record.
 *
 * The lock is a lock on the file: the kernel lets go of it when its holder
 * is gone, whatever the reason, a reboot included.  Stores of a killed
 * process are seen by others in the order of its program, so all that is
 * needed for the record is that the compiler keeps that order.
 *
 * A handle must not be used after fork: parent and child would share one
 * lock, and not exclude each other.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model-private.h"

/* Changes with the layout of struct model_state. */
#define MAGIC (0x78656e6e756d6100ULL + 4)

/* Nothing that the program does before may come after, and vice versa. */
static void barrier(void)
{
    atomic_signal_fence(memory_order_seq_cst);
}

static void set_armed(struct model_undo *undo, uint32_t armed)
{
    barrier();
    *(volatile uint32_t *)&undo->armed = armed;
    barrier();
}

static void rewind_to(struct model_state *state)
{
    const struct model_undo *undo = &state->undo;

    state->host = undo->host;
    if ( undo->slot < MODEL_MAX_DOMAINS )
        state->domains[undo->slot] = undo->domain;
    /* Dying right here is fine: the record still stands. */
    set_armed(&state->undo, 0);
}

int model_lock(struct model *model)
{
    while ( flock(model->fd, LOCK_EX) )
        if ( errno != EINTR )
            return -1;

    barrier();
    if ( model->state && model->state->undo.armed )
    {
        model->state->undone++;
        rewind_to(model->state);
    }

    return 0;
}

void model_unlock(struct model *model)
{
    int saved_errno = errno;

    barrier();
    flock(model->fd, LOCK_UN);
    errno = saved_errno;
}

void model_begin(struct model *model, struct model_domain *domain)
{
    struct model_undo *undo = &model->state->undo;

    undo->host = model->state->host;
    undo->slot = MODEL_MAX_DOMAINS;
    if ( domain )
    {
        undo->slot = domain - model->state->domains;
        undo->domain = *domain;
    }
    set_armed(undo, 1);
}

int model_end(struct model *model, int rc)
{
    if ( rc )
        rewind_to(model->state);
    else
        set_armed(&model->state->undo, 0);

    return rc;
}

struct model_domain *model_slot(struct model *model, uint32_t domid)
{
    return &model->state->domains[domid % MODEL_MAX_DOMAINS];
}

struct model_domain *model_domain(struct model *model, uint32_t domid)
{
    struct model_domain *domain = model_slot(model, domid);

    return domain->unique_id && domain->domid == domid ? domain : NULL;
}

/* As Xen's, they use all 64 bits; an odd factor makes no two alike, nor 0. */
uint64_t model_unique_id(struct model_host *host)
{
    return ++host->nr_created * 0x9e3779b97f4a7c15ULL;
}

/* All memory free, and domain 0, which here has none of it. */
static void fill(struct model_state *state, const struct model_file *file)
{
    struct node_claim_heap *heap = &state->host.heap;
    unsigned int node;

    memset(state, 0, sizeof(*state));
    state->file = *file;
    for ( node = 0; node < file->nr_nodes; node++ )
        if ( file->nodes[node].pages )
            model_give(heap, node, file->nodes[node].pages);

    state->domains[0].unique_id = model_unique_id(&state->host);
    state->domains[0].flags = XEN_NODE_CLAIM_DOM_FINISHED;

    barrier();
    *(volatile uint64_t *)&state->magic = MAGIC;
    barrier();
}

/* The lock is held. */
static int map(struct model *model, const char *path,
               const struct model_file *file, char *why, size_t size)
{
    struct model_state *state;
    struct stat stat;

    if ( fstat(model->fd, &stat) )
        return -1;

    if ( stat.st_size && stat.st_size != sizeof(*state) )
    {
        model_say(why, size, "%s: %lld bytes: not the state of a model of this version, remove it",
                  path, (long long)stat.st_size);
        errno = EINVAL;
        return -1;
    }

    if ( !stat.st_size && ftruncate(model->fd, sizeof(*state)) )
        return -1;

    state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED,
                 model->fd, 0);
    if ( state == MAP_FAILED )
        return -1;

    model->state = state;

    /* Also when whoever made the file died before it was done. */
    if ( !state->magic )
        fill(state, file);

    if ( state->magic != MAGIC || memcmp(&state->file, file, sizeof(*file)) )
    {
        model_say(why, size, "%s: belongs to another description of the host: remove it", path);
        errno = EINVAL;
        return -1;
    }

    return 0;
}

struct model *model_state_open(const char *path, char *why, size_t size)
{
    struct model_file *file = malloc(sizeof(*file));
    struct model *model = calloc(1, sizeof(*model));
    char *name = NULL;
    int rc = -1, saved_errno;

    *why = '\0';
    if ( model )
        model->fd = -1;
    if ( !file || !model )
        goto out;

    if ( model_file_read(path, file, why, size) ||
         asprintf(&name, "%s.state", path) < 0 )
        goto out;

    model->fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if ( model->fd < 0 || model_lock(model) )
        goto out;

    rc = map(model, name, file, why, size);
    model_unlock(model);

 out:
    saved_errno = errno;
    if ( rc && !*why )
        model_say(why, size, "%s: %s", name ? name : path,
                  strerror(saved_errno));
    if ( rc )
    {
        model_state_close(model);
        model = NULL;
    }
    free(name);
    free(file);
    errno = saved_errno;

    return model;
}

void model_state_close(struct model *model)
{
    if ( !model )
        return;

    if ( model->state )
        munmap(model->state, sizeof(*model->state));
    if ( model->fd >= 0 )
        close(model->fd);
    free(model);
}
