dnl SPDX-License-Identifier: LGPL-2.1-only
dnl
dnl What is there of Xen's libraries.
dnl
dnl Without options libxencall and libxlutil are used if pkg-config knows
dnl them: the first has a stable interface, the second is used to parse
dnl files only.  libxenctrl, libxenguest and libxenstore speak the interface
dnl of one Xen version, so they are taken from --with-xen=DIR only: the target
dnl Xen's tools as "make install-tools DESTDIR=DIR" left them.

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

AC_DEFUN([XENNUMA_XEN], [
    AC_ARG_WITH([xen],
        [AS_HELP_STRING([--with-xen=DIR],
            [tools of the target Xen, installed below DIR; "no": none at all])],
        [], [with_xen=])
    AC_ARG_VAR([XENCALL_CFLAGS], [C compiler flags for libxencall])
    AC_ARG_VAR([XENCALL_LIBS], [linker flags for libxencall])
    AC_ARG_VAR([XLUTIL_CFLAGS], [C compiler flags for libxlutil])
    AC_ARG_VAR([XLUTIL_LIBS], [linker flags for libxlutil])
    AC_ARG_VAR([XENGUEST_CFLAGS], [C compiler flags for libxenguest])
    AC_ARG_VAR([XENGUEST_LIBS], [linker flags for libxenguest])

    have_XENCALL="no: neither libxen-dev nor --with-xen=DIR"
    have_XLUTIL=$have_XENCALL
    have_XENGUEST="no: needs --with-xen=DIR"
    AS_CASE([$with_xen],
        [no], [have_XENCALL="no: --without-xen"
               have_XLUTIL=$have_XENCALL
               have_XENGUEST=$have_XENCALL],
        [""], [
            PKG_CHECK_MODULES([XENCALL], [xencall], [have_XENCALL=yes], [:])
            PKG_CHECK_MODULES([XLUTIL], [xlutil], [have_XLUTIL=yes], [:])
        ],
        [
            AS_IF([test ! -d "$with_xen"],
                  [AC_MSG_ERROR([--with-xen: $with_xen: no such directory])])
            with_xen=`cd "$with_xen" && pwd`
            XENNUMA_XEN_FIND
            XENNUMA_XEN_LIBS([XENCALL], [xencall])
            XENNUMA_XEN_LIBS([XLUTIL], [xlutil])
            XENNUMA_XEN_LIBS([XENGUEST],
                [xenguest xenctrl xenstore xenforeignmemory xentoollog])
        ])

    AM_CONDITIONAL([HAVE_XENCALL], [test "x$have_XENCALL" = xyes])
    AM_CONDITIONAL([HAVE_XLUTIL], [test "x$have_XLUTIL" = xyes])
    AM_CONDITIONAL([HAVE_XENGUEST], [test "x$have_XENGUEST" = xyes])
    xencall_why=$have_XENCALL
    xlutil_why=$have_XLUTIL
    xenguest_why=$have_XENGUEST
    AS_IF([test "x$have_XENCALL" = xyes], [XENCALL_REQUIRES=xencall])
    AC_SUBST([XENCALL_REQUIRES])
    XENNUMA_LIBACPI
])
