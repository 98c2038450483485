/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Model hosts: written out again, what was read reads back as the same.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "model-private.h"

static void write_model(FILE *to, const struct model_file *file)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } features[] = {
        { XEN_NODE_CLAIM_F_CLAIMS, "claims" },
        { XEN_NODE_CLAIM_F_CREATE, "create" },
        { XEN_NODE_CLAIM_F_SUPERPAGES, "superpages" },
        { XEN_NODE_CLAIM_F_OVERHEAD, "overhead" },
    };

    fprintf(to, "features%s", file->features ? "" : " none");
    for ( unsigned int i = 0; i < 4; i++ )
        if ( file->features & features[i].bit )
            fprintf(to, " %s", features[i].name);
    fprintf(to, "\nthreads %u\noverhead %u %u\n", file->threads,
            file->domain_overhead, file->vcpu_overhead);
    for ( unsigned int i = 0; i < file->nr_nodes; i++ )
    {
        if ( file->nodes[i].pages )
            fprintf(to, "%" PRIu64 "M %u", file->nodes[i].pages / 256,
                    file->nodes[i].cpus);
        else
            fprintf(to, "0 %u", file->nodes[i].cpus);
        for ( unsigned int j = 0; j < file->nr_nodes; j++ )
            fprintf(to, " %u", file->nodes[i].distances[j]);
        fputc('\n', to);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct model_file file, again;
    const char *path = fuzz_file(bytes, size);
    char why[FUZZ_WHY] = "";
    FILE *to;

    errno = 0;
    if ( model_file_read(path, &file, why, sizeof(why)) )
    {
        FUZZ_HOLDS(errno == EINVAL);
        fuzz_told(why, path);
        return 0;
    }
    FUZZ_HOLDS(!memchr(bytes, 0, size));
    FUZZ_HOLDS(file.nr_nodes >= 1 && file.nr_nodes <= XENNUMA_MAX_NODES);

    to = fopen(path, "we");
    FUZZ_HOLDS(to);
    write_model(to, &file);
    FUZZ_HOLDS(!fclose(to));
    if ( model_file_read(path, &again, why, sizeof(why)) )
        fuzz_wrong("%s: what was written is refused", why);
    FUZZ_HOLDS(!memcmp(&file, &again, sizeof(file)));

    return 0;
}
