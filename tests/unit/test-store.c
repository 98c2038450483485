/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain's entries in xenstore beside those of others: none of theirs is
 * taken, changed or removed.
 *
 * xenstore is a table in memory, which answers each request as it comes; the
 * domains that Xen has are another.
 */

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "xenguest/names.h"
#include "xenguest/xen.h"

#define UUID  "01234567-89ab-cdef-0123-456789abcdef"
#define OTHER "fedcba98-89ab-cdef-0123-456789abcdef"
#define NIL   "00000000-0000-0000-0000-000000000000"

/* The domains. */

static const uint8_t handle[16] = {
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
    0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
};

static xc_domaininfo_t domains[4];
static unsigned int nr_domains;

static void add_domain(uint32_t domid, bool same_uuid, bool dying)
{
    xc_domaininfo_t *domain = &domains[nr_domains++];

    memset(domain, 0, sizeof(*domain));
    domain->domain = domid;
    domain->flags = dying ? XEN_DOMINF_dying : 0;
    if ( same_uuid )
        memcpy(domain->handle, handle, sizeof(handle));
}

int xc_domain_getinfolist(xc_interface *xc, uint32_t first, unsigned int max,
                          xc_domaininfo_t *list)
{
    int nr = 0;

    (void)xc;
    for ( unsigned int i = 0; i < nr_domains && nr < (int)max; i++ )
        if ( domains[i].domain >= first )
            list[nr++] = domains[i];

    return nr;
}

int xc_domain_getinfo_single(xc_interface *xc, uint32_t domid,
                             xc_domaininfo_t *info)
{
    if ( xc_domain_getinfolist(xc, domid, 1, info) == 1 &&
         info->domain == domid )
        return 0;
    errno = ESRCH;

    return -1;
}

/* xenstore. */

#define MAX_ENTRIES 128

struct batch {
    struct {
        char path[128];
        char value[128];
    } entries[MAX_ENTRIES];
    unsigned int nr;
    char answers[BATCH_MAX][128];
    bool answered[BATCH_MAX];
    unsigned int nr_answers;
    unsigned int changes;        /* left; those after are lost               */
};

static struct batch xenstore;

static bool is_lost(struct batch *batch)
{
    if ( !batch->changes )
        return true;
    batch->changes--;

    return false;
}

static char *look_up(const char *path)
{
    for ( unsigned int i = 0; i < xenstore.nr; i++ )
        if ( !strcmp(xenstore.entries[i].path, path) )
            return xenstore.entries[i].value;

    return NULL;
}

void batch_write(struct batch *batch, const char *path, const char *value)
{
    char *old = look_up(path);

    if ( is_lost(batch) )
        return;
    if ( !old && batch->nr < MAX_ENTRIES )
    {
        strcpy(batch->entries[batch->nr].path, path);
        old = batch->entries[batch->nr++].value;
    }
    if ( old )
        strcpy(old, value);
}

void batch_mkdir(struct batch *batch, const char *path)
{
    if ( !look_up(path) )
        batch_write(batch, path, "");
}

/* With all below it. */
void batch_remove(struct batch *batch, const char *path)
{
    size_t length = strlen(path);
    unsigned int nr = 0;

    if ( is_lost(batch) )
        return;

    for ( unsigned int i = 0; i < batch->nr; i++ )
    {
        const char *entry = batch->entries[i].path;

        if ( strncmp(entry, path, length) ||
             (entry[length] && entry[length] != '/') )
            batch->entries[nr++] = batch->entries[i];
    }
    batch->nr = nr;
}

unsigned int batch_read(struct batch *batch, const char *path)
{
    const char *value = look_up(path);
    unsigned int request = batch->nr_answers++ % BATCH_MAX;

    batch->answered[request] = value != NULL;
    snprintf(batch->answers[request], sizeof(batch->answers[request]), "%s",
             value ? value : "");

    return request;
}

const char *batch_answer(const struct batch *batch, unsigned int request)
{
    return batch->answered[request] ? batch->answers[request] : NULL;
}

void batch_access(struct batch *batch, const char *path,
                  const struct xs_permissions *perms, unsigned int nr)
{
    (void)batch;
    (void)path;
    (void)perms;
    (void)nr;
}

void batch_introduce(struct batch *batch, uint32_t domid, uint64_t gfn,
                     uint32_t port)
{
    (void)batch;
    (void)domid;
    (void)gfn;
    (void)port;
}

void batch_send(struct batch *batch)
{
    (void)batch;
}

int batch_run(struct batch *batch)
{
    (void)batch;

    return 0;
}

/* The build. */

int build_fail(struct build *build, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(build->why, sizeof(build->why), format, args);
    va_end(args);

    return -1;
}

int build_identify(struct build *build)
{
    (void)build;

    return 0;
}

static struct record record;
static struct xen xen;
static struct build build;

/*
 * Domain 5, which is the record's, with that uuid in the record; and domain 3
 * of another toolstack, which has the same one or not.
 */
static void begin(const char *uuid, bool same_uuid)
{
    memset(&xenstore, 0, sizeof(xenstore));
    xenstore.changes = UINT_MAX;
    nr_domains = 0;
    add_domain(0, false, false);
    add_domain(3, same_uuid, false);
    add_domain(5, true, false);
    batch_write(&xenstore, "/local/domain/3/name", "other");
    batch_write(&xenstore, "/local/domain/3/vm",
                same_uuid ? "/vm/" UUID : "/vm/" OTHER);
    batch_write(&xenstore, same_uuid ? "/vm/" UUID "/name"
                                     : "/vm/" OTHER "/name", "other");
    batch_write(&xenstore, "/libxl/3/type", "pvh");

    record = (struct record){ .domid = 5, .name = "web", .type = "pvh" };
    strcpy(record.uuid, uuid);
    xen = (struct xen){ .store = &xenstore };
    build = (struct build){ .record = &record, .state = &xen };
}

/* What the other domain has, and nothing else. */
static void others_only(const char *row, bool same_uuid)
{
    UNIT_EQUAL(row, xenstore.nr, 4);
    UNIT_TEXT(row, look_up("/local/domain/3/name"), "other");
    UNIT_TEXT(row, look_up("/local/domain/3/vm"),
              same_uuid ? "/vm/" UUID : "/vm/" OTHER);
    UNIT_TEXT(row, look_up(same_uuid ? "/vm/" UUID "/name"
                                     : "/vm/" OTHER "/name"), "other");
    UNIT_TEXT(row, look_up("/libxl/3/type"), "pvh");
}

static void what_was_written_is_removed(void)
{
    static const char *const uuids[] = { UUID, NIL };

    for ( unsigned int i = 0; i < 2; i++ )
    {
        begin(UUID, false);
        UNIT_EQUAL("name", store_name(&build), 0);
        UNIT_TEXT("name", look_up("/local/domain/5/name"), "web");
        UNIT_TEXT("vm", look_up("/local/domain/5/vm"), "/vm/" UUID);
        UNIT_TEXT("vm", look_up("/vm/" UUID "/name"), "web");
        UNIT_TEXT("libxl", look_up("/libxl/5/type"), "pvh");
        strcpy(record.uuid, uuids[i]);
        UNIT_EQUAL(uuids[i], store_undo(&build), 0);
        others_only(uuids[i], false);
        UNIT_EQUAL("again", store_undo(&build), 0);
        others_only("again", false);
    }
}

/* Whoever is killed leaves what xenstored had got to. */
static void what_was_begun_is_removed(void)
{
    bool named = false;

    for ( unsigned int n = 0; n < 16; n++ )
    {
        begin(UUID, false);
        xenstore.changes = n;
        UNIT_EQUAL("name", store_name(&build), 0);
        named = look_up("/local/domain/5/name") && look_up("/libxl/5/type");
        xenstore.changes = UINT_MAX;
        UNIT_EQUAL("undone", store_undo(&build), 0);
        others_only("killed in its name", false);

        begin(UUID, false);
        store_name(&build);
        xenstore.changes = n;
        UNIT_EQUAL("begun", store_undo(&build), 0);
        xenstore.changes = UINT_MAX;
        UNIT_EQUAL("undone", store_undo(&build), 0);
        others_only("killed when it is undone", false);
    }
    UNIT_TRUE("all of it", named);
}

static void a_uuid_that_another_has_is_refused(void)
{
    begin(UUID, true);
    UNIT_EQUAL("refused", store_name(&build), -1);
    UNIT_TEXT("refused", build.why, "uuid: " UUID ": domain 3 has it: choose "
              "another, or destroy that domain");
    others_only("refused", true);
    UNIT_EQUAL("undone", store_undo(&build), 0);
    others_only("undone", true);
    strcpy(record.uuid, NIL);
    UNIT_EQUAL("undone by id", store_undo(&build), 0);
    others_only("undone by id", true);

    /* The builder's domain, which is the last one, is gone. */
    nr_domains--;
    UNIT_EQUAL("it is gone", store_undo(&build), 0);
    others_only("it is gone", true);
    strcpy(record.uuid, UUID);
    UNIT_EQUAL("it is gone", store_undo(&build), 0);
    others_only("it is gone", true);
}

/* Started again while Xen still takes the memory of the last one. */
static void a_dying_domain_has_no_uuid(void)
{
    begin(UUID, false);
    add_domain(7, true, true);
    UNIT_EQUAL("taken", store_name(&build), 0);
}

static void a_name_that_another_has_is_refused(void)
{
    begin(UUID, false);
    strcpy(record.name, "other");
    UNIT_EQUAL("refused", store_name(&build), -1);
    UNIT_TEXT("refused", build.why, "name: other: domain 3 has it: choose "
              "another, or destroy that domain");
    others_only("refused", false);
}

/* The domid is another's by now. */
static void entries_of_another_at_the_domid_stay(void)
{
    begin(UUID, true);
    batch_write(&xenstore, "/local/domain/5/vm", "/vm/" OTHER);
    UNIT_EQUAL("undone", store_undo(&build), 0);
    UNIT_TEXT("vm", look_up("/local/domain/5/vm"), "/vm/" OTHER);
    UNIT_TEXT("of that uuid", look_up("/vm/" UUID "/name"), "other");
}

/* xenconsoled writes the console's tty whenever it comes to that. */
static void what_others_write_later_is_removed(void)
{
    static const char tty[] = "/local/domain/9/console/tty";
    static const char *const uuids[] = { UUID, NIL };

    for ( unsigned int i = 0; i < 2; i++ )
    {
        begin(UUID, false);
        batch_write(&xenstore, tty, "/dev/pts/3");
        record.domid = 9;
        strcpy(record.uuid, uuids[i]);
        add_domain(9, true, false);
        UNIT_EQUAL("undone", store_undo(&build), 0);
        UNIT_TEXT("the domain lives", look_up(tty), "/dev/pts/3");
        domains[nr_domains - 1].flags = XEN_DOMINF_dying;
        UNIT_EQUAL("undone", store_undo(&build), 0);
        UNIT_TEXT("it dies", look_up(tty), NULL);
        batch_write(&xenstore, tty, "/dev/pts/3");
        nr_domains--;
        UNIT_EQUAL("undone", store_undo(&build), 0);
        UNIT_TEXT("it is gone", look_up(tty), NULL);
    }
}

static const struct unit_test tests[] = {
    { "what was written is removed", what_was_written_is_removed },
    { "so is what was begun", what_was_begun_is_removed },
    { "so is what others write later", what_others_write_later_is_removed },
    { "a uuid that another has is refused",
      a_uuid_that_another_has_is_refused },
    { "a dying domain has no uuid", a_dying_domain_has_no_uuid },
    { "a name that another has is refused",
      a_name_that_another_has_is_refused },
    { "entries of another at the domid stay",
      entries_of_another_at_the_domid_stay },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "store", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("store", suites);
}
