dnl SPDX-License-Identifier: LGPL-2.1-only
dnl
dnl What is there of Xen's libraries.
dnl
dnl Without options libxencall is used if pkg-config knows it: its interface is
dnl stable.  libxenctrl, libxenguest and libxenstore speak the interface of one
dnl Xen version, so they are taken from --with-xen=DIR only: the target Xen's
dnl tools as "make install-tools DESTDIR=DIR" left them.

dnl XENNUMA_XEN_FIND: sets xen_include and xen_lib below DIR, or ends.
AC_DEFUN([XENNUMA_XEN_FIND], [
    xen_include= xen_lib=
    for sub in /usr/local /usr ""
    do
        AS_IF([test -z "$xen_include" &&
               test -f "$with_xen$sub/include/xencall.h"],
              [xen_include=$with_xen$sub/include])
        for lib in lib lib64 lib/x86_64-linux-gnu
        do
            AS_IF([test -z "$xen_lib" &&
                   test -e "$with_xen$sub/$lib/libxencall.so"],
                  [xen_lib=$with_xen$sub/$lib])
        done
    done
    AS_IF([test -z "$xen_include"],
          [AC_MSG_ERROR([--with-xen: $with_xen: holds no include/xencall.h below usr/local or usr])])
    AS_IF([test -z "$xen_lib"],
          [AC_MSG_ERROR([--with-xen: $with_xen: holds no libxencall.so below usr/local or usr])])
])

dnl XENNUMA_XEN_LIBS(VARIABLE, NAME...): NAME is there below --with-xen.
AC_DEFUN([XENNUMA_XEN_LIBS], [
    xen_missing=
    xen_libs=
    for name in $2
    do
        AS_IF([test -e "$xen_lib/lib$name.so"], [xen_libs="$xen_libs -l$name"],
              [xen_missing="$xen_missing lib$name"])
    done
    AS_IF([test -z "$xen_missing"], [
        $1_CFLAGS="-isystem $xen_include"
        $1_LIBS="-L$xen_lib -Wl,-rpath-link,$xen_lib$xen_libs"
        have_$1=yes
    ], [have_$1="no: not in $xen_lib:$xen_missing"])
])

dnl XENNUMA_STATIC: programs that are started for each domain start several
dnl times faster without shared libraries.  The loaders in libxenguest are
dnl found by nothing but their constructors, so all of it is linked.
AC_DEFUN([XENNUMA_STATIC], [
    AC_ARG_ENABLE([static-programs],
        [AS_HELP_STRING([--enable-static-programs],
            [link xenguest and xenplace statically; needs --enable-static])],
        [], [enable_static_programs=no])
    PROGRAM_LDFLAGS=
    BUILDER_LIBS=$XENGUEST_LIBS
    AS_IF([test "x$enable_static_programs" != xno], [
        AS_IF([test "x$enable_static" != xyes],
              [AC_MSG_ERROR([--enable-static-programs: needs --enable-static])])
        AS_IF([test "x$enable_sanitizers" != xno],
              [AC_MSG_ERROR([--enable-static-programs: excludes --enable-sanitizers])])
        PROGRAM_LDFLAGS=-all-static
    ])
    AS_IF([test -n "$PROGRAM_LDFLAGS" && test "x$have_XENGUEST" = xyes], [
        AS_IF([test ! -f "$xen_lib/libxenguest.a"],
              [AC_MSG_ERROR([--enable-static-programs: $xen_lib: holds no libxenguest.a])])
        BUILDER_LIBS="-Wl,--whole-archive,$xen_lib/libxenguest.a,--no-whole-archive -L$xen_lib"
        for name in xenctrl xenstore xendevicemodel xenforeignmemory \
                    xenevtchn xengnttab xencall xentoollog xentoolcore
        do
            BUILDER_LIBS="$BUILDER_LIBS -l$name"
        done
        dnl What it unpacks kernels with depends on how Xen was built.
        for name in `objdump -p "$xen_lib/libxenguest.so" |
                     sed -n 's/^ *NEEDED *lib\(.*\)\.so.*/\1/p'`
        do
            AS_CASE([$name], [xen*|c], [],
                    [BUILDER_LIBS="$BUILDER_LIBS -l$name"])
        done
    ])
    AC_SUBST([PROGRAM_LDFLAGS])
    AC_SUBST([BUILDER_LIBS])
])

dnl XENNUMA_LIBACPI: ACPI tables come from a part of the Xen tree that is not
dnl installed, so it has to be there as it was built.
AC_DEFUN([XENNUMA_LIBACPI], [
    AC_ARG_WITH([xen-source],
        [AS_HELP_STRING([--with-xen-source=DIR],
            [built source of the target Xen, for ACPI tables of domains])],
        [], [with_xen_source=no])
    have_LIBACPI="no: domains have no ACPI tables and one CPU: needs --with-xen-source=DIR"
    LIBACPI_CPPFLAGS=
    AS_IF([test "x$with_xen_source" != xno], [
        AS_IF([test ! -f "$with_xen_source/tools/libacpi/build.c"],
              [AC_MSG_ERROR([--with-xen-source: $with_xen_source: holds no tools/libacpi/build.c])])
        AS_IF([test ! -f "$with_xen_source/tools/libs/light/dsdt_pvh.c"],
              [AC_MSG_ERROR([--with-xen-source: $with_xen_source: tools/libs/light is not built there])])
        with_xen_source=`cd "$with_xen_source" && pwd`
        LIBACPI_CPPFLAGS="-I$with_xen_source/tools -I$with_xen_source/tools/libs/light"
        have_LIBACPI=yes
    ])
    AC_SUBST([LIBACPI_CPPFLAGS])
    AM_CONDITIONAL([HAVE_LIBACPI], [test "x$have_LIBACPI" = xyes])
    libacpi_why=$have_LIBACPI
])

dnl XENNUMA_HYPERVISOR: the harness compiles Xen's heap as its own build did.
AC_DEFUN([XENNUMA_HYPERVISOR], [
    AC_ARG_WITH([xen-hypervisor],
        [AS_HELP_STRING([--with-xen-hypervisor=DIR],
            [where the hypervisor of the target Xen was built, for tests])],
        [], [with_xen_hypervisor=no])
    have_HYPERVISOR="no: needs --with-xen-hypervisor=DIR"
    XEN_HYPERVISOR= HARNESS_SANITIZE=
    AS_IF([test "x$with_xen_hypervisor" != xno], [
        AS_IF([test ! -f "$with_xen_hypervisor/common/.page_alloc.o.cmd"],
              [AC_MSG_ERROR([--with-xen-hypervisor: $with_xen_hypervisor: no Xen was built there with O=])])
        AS_IF([test ! -f "$with_xen_hypervisor/source/include/xen/node-claim.h"],
              [AC_MSG_ERROR([--with-xen-hypervisor: $with_xen_hypervisor: is of a Xen without node claims])])
        XEN_HYPERVISOR=`cd "$with_xen_hypervisor" && pwd`
        have_HYPERVISOR=yes
    ])
    AS_IF([test "x$enable_sanitizers" != xno], [HARNESS_SANITIZE=1])
    AC_SUBST([XEN_HYPERVISOR])
    AC_SUBST([HARNESS_SANITIZE])
    AM_CONDITIONAL([HAVE_HYPERVISOR], [test "x$have_HYPERVISOR" = xyes])
    hypervisor_why=$have_HYPERVISOR
])

AC_DEFUN([XENNUMA_XEN], [
    AC_ARG_WITH([xen],
        [AS_HELP_STRING([--with-xen=DIR],
            [tools of the target Xen, installed below DIR; "no": none at all])],
        [], [with_xen=])
    AC_ARG_VAR([XENCALL_CFLAGS], [C compiler flags for libxencall])
    AC_ARG_VAR([XENCALL_LIBS], [linker flags for libxencall])
    AC_ARG_VAR([XENGUEST_CFLAGS], [C compiler flags for libxenguest])
    AC_ARG_VAR([XENGUEST_LIBS], [linker flags for libxenguest])

    xen_lib=
    have_XENCALL="no: neither libxen-dev nor --with-xen=DIR"
    have_XENGUEST="no: needs --with-xen=DIR"
    AS_CASE([$with_xen],
        [no], [have_XENCALL="no: --without-xen"
               have_XENGUEST=$have_XENCALL],
        [""], [
            PKG_CHECK_MODULES([XENCALL], [xencall], [have_XENCALL=yes], [:])
        ],
        [
            AS_IF([test ! -d "$with_xen"],
                  [AC_MSG_ERROR([--with-xen: $with_xen: no such directory])])
            with_xen=`cd "$with_xen" && pwd`
            XENNUMA_XEN_FIND
            XENNUMA_XEN_LIBS([XENCALL], [xencall])
            XENNUMA_XEN_LIBS([XENGUEST],
                [xenguest xenctrl xenstore xenforeignmemory xentoollog])
        ])

    AM_CONDITIONAL([HAVE_XENCALL], [test "x$have_XENCALL" = xyes])
    AM_CONDITIONAL([HAVE_XENGUEST], [test "x$have_XENGUEST" = xyes])
    xencall_why=$have_XENCALL
    xenguest_why=$have_XENGUEST
    AS_IF([test "x$have_XENCALL" = xyes], [XENCALL_REQUIRES=xencall])
    AC_SUBST([XENCALL_REQUIRES])
    AC_SUBST([xen_lib])
    XENNUMA_HYPERVISOR
    XENNUMA_LIBACPI
    XENNUMA_STATIC
])
