/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Keys and what they mean: one table row each.
 *
 * A key that is not in the table is an error: a domain that lacks half of
 * what its file asks for would be a surprise.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cfg.h"
#include "guest.h"
#include "wire/batch.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define PAGES_PER_MIB 256u
#define MAX_MIB       (UINT64_C(1) << 32)   /* 4 PiB */

struct reader {
    struct batch_domain *domain;
    const char *file;
    uint64_t seen;               /* rows of the table                        */
    unsigned int line;
    char *why;
    size_t why_size;
};

static int __attribute__((format(printf, 3, 4)))
wrong(struct reader *reader, const char *key, const char *format, ...)
{
    size_t used;
    va_list args;

    if ( reader->line )
        used = snprintf(reader->why, reader->why_size, "%s:%u: %s: ",
                        reader->file, reader->line, key);
    else
        used = snprintf(reader->why, reader->why_size, "%s: %s: ",
                        reader->file, key);
    if ( used < reader->why_size )
    {
        va_start(args, format);
        vsnprintf(reader->why + used, reader->why_size - used, format, args);
        va_end(args);
    }

    return -1;
}

static int set_text(struct reader *reader, const struct cfg_setting *setting,
                    char *text, size_t size)
{
    if ( !setting->value[0] )
        return wrong(reader, setting->key, "is empty");
    if ( strlen(setting->value) >= size )
        return wrong(reader, setting->key, "%s: longer than %zu bytes",
                     setting->value, size - 1);
    snprintf(text, size, "%s", setting->value);

    return 0;
}

static int set_number(struct reader *reader,
                      const struct cfg_setting *setting, uint64_t max,
                      uint64_t *number)
{
    char *end;

    errno = 0;
    *number = strtoull(setting->value, &end, 0);
    if ( !isdigit((unsigned char)setting->value[0]) || *end || errno ||
         *number < 1 || *number > max )
        return wrong(reader, setting->key, "%s: must be a number from 1 to %"
                     PRIu64, setting->value, max);

    return 0;
}

static int set_copy(struct reader *reader, const struct cfg_setting *setting,
                    char **copy)
{
    *copy = strdup(setting->value);

    return *copy ? 0 : wrong(reader, setting->key, "out of memory");
}

static int set_path(struct reader *reader, const struct cfg_setting *setting,
                    char **path)
{
    char *directory;
    int rc;

    if ( !setting->value[0] )
        return wrong(reader, setting->key, "is empty");
    if ( setting->value[0] == '/' )
        return set_copy(reader, setting, path);

    directory = getcwd(NULL, 0);
    rc = directory ? asprintf(path, "%s/%s", directory, setting->value) : -1;
    free(directory);
    if ( rc >= 0 )
        return 0;
    *path = NULL;

    return wrong(reader, setting->key, "%s: no working directory",
                 setting->value);
}

static int set_name(struct reader *reader, const struct cfg_setting *setting)
{
    return set_text(reader, setting, reader->domain->name,
                    sizeof(reader->domain->name));
}

static int set_type(struct reader *reader, const struct cfg_setting *setting)
{
    if ( strcmp(setting->value, "pvh") )
        return wrong(reader, setting->key, "%s: %s", setting->value,
                     !strcmp(setting->value, "hvm") ||
                     !strcmp(setting->value, "pv")
                     ? "not supported yet: use \"pvh\""
                     : "unknown: use \"pvh\"");

    return set_text(reader, setting, reader->domain->type,
                    sizeof(reader->domain->type));
}

static int set_memory(struct reader *reader,
                      const struct cfg_setting *setting)
{
    uint64_t mib;

    if ( set_number(reader, setting, MAX_MIB, &mib) )
        return -1;
    reader->domain->memory_pages = mib * PAGES_PER_MIB;

    return 0;
}

static int set_vcpus(struct reader *reader, const struct cfg_setting *setting)
{
    uint64_t vcpus;

    if ( set_number(reader, setting, RECORD_MAX_VCPUS, &vcpus) )
        return -1;
    reader->domain->vcpus = vcpus;

    return 0;
}

static int set_kernel(struct reader *reader,
                      const struct cfg_setting *setting)
{
    return set_path(reader, setting, &reader->domain->kernel);
}

static int set_ramdisk(struct reader *reader,
                       const struct cfg_setting *setting)
{
    return set_path(reader, setting, &reader->domain->ramdisk);
}

static int set_extra(struct reader *reader, const struct cfg_setting *setting)
{
    return set_copy(reader, setting, &reader->domain->cmdline);
}

static const struct {
    const char *key;
    int (*set)(struct reader *reader, const struct cfg_setting *setting);
    const char *missing;         /* what to do about it; NULL: optional      */
} keys[] = {
    { "extra", set_extra, NULL },
    { "kernel", set_kernel, "name the file of the kernel" },
    { "memory", set_memory, "give the memory in MiB" },
    { "name", set_name, "give the domain a name" },
    { "ramdisk", set_ramdisk, NULL },
    { "type", set_type, "write type = \"pvh\"" },
    { "vcpus", set_vcpus, NULL },
};

static int set(void *argument, const struct cfg_setting *setting)
{
    struct reader *reader = argument;

    reader->line = setting->line;
    for ( size_t i = 0; i < NR(keys); i++ )
    {
        if ( strcmp(keys[i].key, setting->key) )
            continue;
        if ( reader->seen & (UINT64_C(1) << i) )
            return wrong(reader, setting->key, "given twice");
        reader->seen |= UINT64_C(1) << i;
        return keys[i].set(reader, setting);
    }

    return wrong(reader, setting->key, "unknown key: known are extra, "
                 "kernel, memory, name, ramdisk, type and vcpus");
}

int guest_parse(struct batch_domain *domain, const char *file,
                const char *text, size_t length, char *why, size_t why_size)
{
    struct reader reader = {
        .domain = domain,
        .file = file,
        .why = why,
        .why_size = why_size,
    };

    memset(domain, 0, sizeof(*domain));
    domain->vcpus = 1;
    if ( cfg_parse(file, text, length, set, &reader, why, why_size) )
        goto err;

    reader.line = 0;
    for ( size_t i = 0; i < NR(keys); i++ )
        if ( keys[i].missing && !(reader.seen & (UINT64_C(1) << i)) )
        {
            wrong(&reader, keys[i].key, "missing: %s", keys[i].missing);
            goto err;
        }

    return 0;

 err:
    guest_dispose(domain);

    return -1;
}

int guest_read(struct batch_domain *domain, const char *file, char *why,
               size_t why_size)
{
    static char text[CFG_MAX_BYTES + 1];
    FILE *stream = fopen(file, "re");
    size_t length;
    bool failed;

    memset(domain, 0, sizeof(*domain));
    if ( !stream )
    {
        snprintf(why, why_size, "%s: %s", file, strerror(errno));
        return -1;
    }
    errno = 0;
    length = fread(text, 1, sizeof(text), stream);
    failed = ferror(stream);
    if ( failed )
        snprintf(why, why_size, "%s: %s", file, strerror(errno));
    fclose(stream);
    if ( failed )
        return -1;
    if ( length > CFG_MAX_BYTES )
    {
        snprintf(why, why_size, "%s: longer than %u bytes: this is no "
                 "configuration file", file, CFG_MAX_BYTES);
        return -1;
    }

    return guest_parse(domain, file, text, length, why, why_size);
}

static int check_file(const struct batch_domain *domain, const char *what,
                      const char *path, char *why, size_t why_size)
{
    const char *text = NULL;
    struct stat file;

    if ( !path )
        return 0;
    if ( stat(path, &file) || access(path, R_OK) )
        text = strerror(errno);
    else if ( !S_ISREG(file.st_mode) )
        text = "is not a regular file";
    else if ( file.st_size == 0 )
        text = "is empty";
    if ( text )
        snprintf(why, why_size, "%s: %s: %.400s: %s", domain->name, what, path,
                 text);

    return text ? -1 : 0;
}

int guest_check_files(const struct batch_domain *domain, char *why,
                      size_t why_size)
{
    return check_file(domain, "kernel", domain->kernel, why, why_size) ||
           check_file(domain, "ramdisk", domain->ramdisk, why, why_size)
           ? -1 : 0;
}

void guest_dispose(struct batch_domain *domain)
{
    free(domain->kernel);
    free(domain->ramdisk);
    free(domain->cmdline);
    memset(domain, 0, sizeof(*domain));
}
