/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Configuration files: what is understood, and that each error names file,
 * line, key and value.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "wire/batch.h"
#include "xenplace/cfg.h"
#include "xenplace/guest.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define REST "type=\"pvh\"\nmemory=256\nkernel=\"/k\"\n"
#define GOOD "name=\"a\"\n" REST

static const struct {
    const char *text;
    const char *why;             /* "": it is good                           */
} rows[] = {
    { GOOD, "" },
    { "name='a';type='pvh';memory=0x100;kernel='/k'", "" },
    { "# comment\n\n  name = \"a\"   # more\r\n" REST, "" },
    { ";;" GOOD ";", "" },
    { GOOD "memory", "f:5: = expected, not the end of the line" },
    { "name=\"a\" type=\"pvh\"\n",
      "f:1: the end of the line expected, not \"t\"" },
    { GOOD "vcpus=0\n", "f:5: vcpus: 0: must be a number from 1 to 512" },
    { GOOD "vcpus=513\n", "f:5: vcpus: 513: must be a number from 1 to 512" },
    { GOOD "vcpus=2x\n", "f:5: vcpus: 2x: must be a number from 1 to 512" },
    { GOOD "vcpus=\"\"\n", "f:5: vcpus: : must be a number from 1 to 512" },
    { GOOD "vcpus=99999999999999999999\n",
      "f:5: vcpus: 99999999999999999999: must be a number from 1 to 512" },
    { "name=\"a\"\nmemory=4294967297\n",
      "f:2: memory: 4294967297: must be a number from 1 to 4294967296" },
    { "name=\"a\"\nmemory=-1\n",
      "f:2: a number or text in quotes expected, not \"-\"" },
    { GOOD "\ndisk=[ 'a' ]\n",
      "f:6: disk: a list: lists are not supported" },
    { GOOD "on_crash=\"destroy\"\n",
      "f:5: on_crash: unknown key: known are extra, kernel, memory, name, "
      "ramdisk, type and vcpus" },
    { GOOD "extra+=\"a\"\n", "f:5: extra: +=: not supported: use one =" },
    { GOOD "name=\"b\"\n", "f:5: name: given twice" },
    { "name=\"\"\n", "f:1: name: is empty" },
    { "name=\"0123456789012345678901234567890123456789"
      "012345678901234567890123\"\n",
      "f:1: name: 0123456789012345678901234567890123456789"
      "012345678901234567890123: longer than 63 bytes" },
    { "name=\"a\n", "f:1: name: the closing quote is missing" },
    { "name=\"a", "f:1: name: the closing quote is missing" },
    { "name=\"a\\", "f:1: name: unknown escape after \"\\\"" },
    { "name=\"a\\q\"", "f:1: name: unknown escape after \"\\\"" },
    { "name=a\n", "f:1: a number or text in quotes expected, not \"a\"" },
    { "name=\n",
      "f:1: a number or text in quotes expected, not the end of the line" },
    { "=\"a\"\n", "f:1: a key expected, not \"=\"" },
    { "\x01", "f:1: a key expected, not \"?\"" },
    { "type=\"hvm\"\n", "f:1: type: hvm: not supported yet: use \"pvh\"" },
    { "type=\"pv\"\n", "f:1: type: pv: not supported yet: use \"pvh\"" },
    { "type=\"xen\"\n", "f:1: type: xen: unknown: use \"pvh\"" },
    { "kernel=\"\"\n", "f:1: kernel: is empty" },
    { REST, "f: name: missing: give the domain a name" },
    { "name=\"a\"\ntype=\"pvh\"\nkernel=\"/k\"\n",
      "f: memory: missing: give the memory in MiB" },
    { "name=\"a\"\nmemory=5\nkernel=\"/k\"\n",
      "f: type: missing: write type = \"pvh\"" },
    { "name=\"a\"\ntype=\"pvh\"\nmemory=5\n",
      "f: kernel: missing: name the file of the kernel" },
    { "", "f: kernel: missing: name the file of the kernel" },
};

static void files_understood_and_not(void)
{
    for ( size_t i = 0; i < NR(rows); i++ )
    {
        struct batch_domain domain;
        char why[CFG_WHY_MAX] = "";
        int rc = guest_parse(&domain, "f", rows[i].text,
                             strlen(rows[i].text), why, sizeof(why));

        UNIT_EQUAL(rows[i].text, rc, rows[i].why[0] ? -1 : 0);
        UNIT_TEXT(rows[i].text, why, rows[i].why);
        if ( rc )
            UNIT_TRUE(rows[i].text, !domain.kernel && !domain.name[0]);
        else
        {
            UNIT_TEXT(rows[i].text, domain.name, "a");
            UNIT_EQUAL(rows[i].text, domain.memory_pages, 65536);
            UNIT_EQUAL(rows[i].text, domain.vcpus, 1);
            UNIT_TEXT(rows[i].text, domain.kernel, "/k");
        }
        guest_dispose(&domain);
    }
}

static void every_key_has_its_place(void)
{
    static const char text[] = GOOD "vcpus = 3\nramdisk = \"/r\"\n"
        "extra = \"a=\\\"b c\\\" \\\\ 'd'\"\n";
    struct batch_domain domain;
    char why[CFG_WHY_MAX] = "";

    UNIT_EQUAL("read", guest_parse(&domain, "f", text, strlen(text), why,
                                   sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    UNIT_TEXT("type", domain.type, "pvh");
    UNIT_EQUAL("vcpus", domain.vcpus, 3);
    UNIT_TEXT("ramdisk", domain.ramdisk, "/r");
    UNIT_TEXT("extra", domain.cmdline, "a=\"b c\" \\ 'd'");
    guest_dispose(&domain);
}

static void relative_paths_are_made_absolute(void)
{
    static const char text[] = "name='a';type='pvh';memory=1;kernel='x/k'";
    char *directory = getcwd(NULL, 0), expected[4200], why[CFG_WHY_MAX];
    struct batch_domain domain;

    snprintf(expected, sizeof(expected), "%s/x/k", directory);
    UNIT_EQUAL("read", guest_parse(&domain, "f", text, strlen(text), why,
                                   sizeof(why)), 0);
    UNIT_TEXT("kernel", domain.kernel, expected);
    guest_dispose(&domain);
    free(directory);
}

static void sizes_are_bounded(void)
{
    static char text[CFG_MAX_VALUE + 64];
    struct batch_domain domain;
    char why[CFG_WHY_MAX];
    int length;

    length = sprintf(text, "extra=\"%0*d\"", CFG_MAX_VALUE, 0);
    UNIT_EQUAL("value", guest_parse(&domain, "f", text, length, why,
                                    sizeof(why)), -1);
    UNIT_TEXT("value", why, "f:1: extra: longer than 4095 bytes");
    memset(text, 'k', 64);
    UNIT_EQUAL("key", guest_parse(&domain, "f", text, 64, why, sizeof(why)),
               -1);
    UNIT_TEXT("key", why,
              "f:1: kkkkkkkkkkkkkkkkkkkk...: a key has at most 63 letters");
    UNIT_EQUAL("zero", guest_parse(&domain, "f", "name='\0'", 8, why,
                                   sizeof(why)), -1);
    UNIT_TEXT("zero", why,
              "f:1: a zero byte: this is no configuration file");
}

static void any_prefix_of_a_file_is_safe(void)
{
    static const char text[] = GOOD "vcpus = 3\nextra = \"a\\\"b\" ; "
                               "ramdisk = '/r' # c\n";

    for ( size_t length = 0; length < sizeof(text) - 1; length++ )
    {
        /* Exactly so long, so that a byte too many would be seen. */
        char *copy = malloc(length ? length : 1);
        struct batch_domain domain;
        char why[CFG_WHY_MAX];

        memcpy(copy, text, length);
        if ( guest_parse(&domain, "f", copy, length, why, sizeof(why)) )
            UNIT_TRUE("a message", why[0] == 'f');
        guest_dispose(&domain);
        free(copy);
    }
}

static void files_that_cannot_be_read(void)
{
    struct batch_domain domain;
    char why[CFG_WHY_MAX];

    UNIT_EQUAL("absent", guest_read(&domain, "/nonexistent.cfg", why,
                                    sizeof(why)), -1);
    UNIT_TEXT("absent", why, "/nonexistent.cfg: No such file or directory");
    UNIT_EQUAL("directory", guest_read(&domain, "/", why, sizeof(why)), -1);
    UNIT_TEXT("directory", why, "/: Is a directory");
    UNIT_EQUAL("endless", guest_read(&domain, "/dev/zero", why, sizeof(why)),
               -1);
    UNIT_TEXT("endless", why, "/dev/zero: longer than 65536 bytes: this is "
              "no configuration file");
}

static const struct unit_test tests[] = {
    { "files are understood, or refused by line, key and value",
      files_understood_and_not },
    { "every key has its place", every_key_has_its_place },
    { "relative paths are made absolute", relative_paths_are_made_absolute },
    { "sizes are bounded", sizes_are_bounded },
    { "any prefix of a file is safe", any_prefix_of_a_file_is_safe },
    { "files that cannot be read are named", files_that_cannot_be_read },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "guest configuration", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("guest-cfg", suites);
}
