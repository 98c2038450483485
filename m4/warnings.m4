dnl SPDX-License-Identifier: LGPL-2.1-only
dnl
dnl Compiler flags for everything: AM_CFLAGS and AM_LDFLAGS reach all
dnl Makefiles, and leave CFLAGS and LDFLAGS to whoever calls make.

dnl Warnings.  Those that are always a defect stop the build.
AC_DEFUN([XENNUMA_WARNINGS], [
    AM_CFLAGS="-std=gnu11 -Wall -Wextra"
    for flag in cast-qual format=2 missing-prototypes pointer-arith \
                redundant-decls shadow strict-prototypes undef vla \
                write-strings
    do
        AM_CFLAGS="$AM_CFLAGS -W$flag"
    done
    for flag in format-security implicit implicit-fallthrough \
                incompatible-pointer-types int-conversion \
                missing-prototypes return-type shadow strict-prototypes \
                uninitialized vla
    do
        AM_CFLAGS="$AM_CFLAGS -Werror=$flag"
    done
    AC_SUBST([AM_CFLAGS])
])

dnl --enable-sanitizers: any finding ends the program.
AC_DEFUN([XENNUMA_SANITIZERS], [
    AC_ARG_ENABLE([sanitizers],
        [AS_HELP_STRING([--enable-sanitizers],
            [build with ASan and UBSan, for tests])],
        [], [enable_sanitizers=no])
    AS_IF([test "x$enable_sanitizers" != xno], [
        AM_CFLAGS="$AM_CFLAGS -fsanitize=address,undefined"
        AM_CFLAGS="$AM_CFLAGS -fno-sanitize-recover=all"
        AM_CFLAGS="$AM_CFLAGS -fno-omit-frame-pointer"
        AM_LDFLAGS="-fsanitize=address,undefined"
    ])
    AC_SUBST([AM_LDFLAGS])
    AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" != xno])
])
