/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Which files pass as a kernel, and what is said of the others.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "xenguest/image.h"

static char folder[] = "/tmp/test-image-XXXXXX";

static int begin(void)
{
    return !mkdtemp(folder) || chdir(folder);
}

static int end(void)
{
    return chdir("/") || rmdir(folder);
}

struct row {
    const char *fact;
    size_t size;                 /* of the file                              */
    size_t offset;               /* where the mark is                        */
    const char *mark;
    const char *why;             /* NULL: passes                             */
};

static const struct row rows[] = {
    { "ELF", 64, 0, "\177ELF", NULL },
    { "a short ELF is for libxenguest to refuse", 4, 0, "\177ELF", NULL },
    { "gzip", 10, 0, "\037\213", NULL },
    { "bzImage", 4096, 0x202, "HdrS", NULL },
    { "bzImage that ends after its mark", 0x206, 0x202, "HdrS", NULL },
    { "bzImage cut before its mark", 0x205, 0, "MZ",
      "kernel: file: not a kernel: neither an ELF file nor a bzImage" },
    { "text", 11, 0, "no kernel\n",
      "kernel: file: not a kernel: neither an ELF file nor a bzImage" },
    { "an empty file", 0, 0, "", "kernel: file: the file is empty" },
};

static void kernels_pass_and_others_do_not(void)
{
    for ( size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++ )
    {
        const struct row *row = &rows[i];
        char why[128] = "", content[4096] = "";
        FILE *file = fopen("file", "w");

        if ( row->size )
            memcpy(content + row->offset, row->mark, strlen(row->mark));
        UNIT_TRUE(row->fact, file);
        if ( !file )
            continue;
        fwrite(content, 1, row->size, file);
        fclose(file);
        UNIT_EQUAL(row->fact, image_check_kernel("file", why, sizeof(why)),
                   row->why ? -1 : 0);
        UNIT_TEXT(row->fact, why, row->why ? row->why : "");
        unlink("file");
    }
}

static void what_is_no_file_is_refused_at_once(void)
{
    char why[128] = "";

    UNIT_EQUAL("absent", image_check("ramdisk", "none", why, sizeof(why)),
               -1);
    UNIT_TEXT("absent", why, "ramdisk: none: No such file or directory");
    UNIT_EQUAL("folder", image_check_kernel(".", why, sizeof(why)), -1);
    UNIT_TEXT("folder", why, "kernel: .: not a regular file");
    UNIT_EQUAL("FIFO", mkfifo("fifo", 0600), 0);
    UNIT_EQUAL("FIFO", image_check_kernel("fifo", why, sizeof(why)), -1);
    UNIT_TEXT("FIFO", why, "kernel: fifo: not a regular file");
    unlink("fifo");
}

static void a_ramdisk_may_be_anything(void)
{
    FILE *file = fopen("file", "w");
    char why[128] = "";

    UNIT_TRUE("file", file);
    if ( !file )
        return;
    fputs("anything", file);
    fclose(file);
    UNIT_EQUAL("text", image_check("ramdisk", "file", why, sizeof(why)), 0);
    unlink("file");
}

static const struct unit_test tests[] = {
    { "kernels pass and others do not", kernels_pass_and_others_do_not },
    { "what is no file is refused at once",
      what_is_no_file_is_refused_at_once },
    { "a ramdisk may be anything", a_ramdisk_may_be_anything },
    { NULL, NULL },
};

static const struct unit_suite suites[] = {
    { "image", begin, end, tests },
    { NULL, NULL, NULL, NULL },
};

int main(void)
{
    return unit_main("image", suites);
}
