"""Numbers of the kernel's calls that confined processes may not make, by architecture.

Taken from ``asm/unistd_64.h`` (x86-64) and ``asm-generic/unistd.h`` (AArch64) of Linux 6.1; None
where an architecture does not have a call. What came later has a number above ``LAST_KNOWN`` and
is refused as unknown, so that new calls are never allowed by default.
"""

LAST_KNOWN = 450

Numbers = tuple[int | None, int | None]
"""Of x86-64 and of AArch64."""

SOCKETS: dict[str, Numbers] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211), "recvmsg": (47, 212),
    "sendmmsg": (307, 269), "recvmmsg": (299, 243), "bind": (49, 200), "listen": (50, 201),
    "socketpair": (53, 199), "setsockopt": (54, 208), "getsockopt": (55, 209),
}  # fmt: skip

MESSAGES: dict[str, Numbers] = {
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190),
    "semop": (65, 193), "semtimedop": (220, 192), "semctl": (66, 191), "msgget": (68, 186),
    "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219),
}  # fmt: skip

OTHER_PROCESSES: dict[str, Numbers] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setparam": (142, 118), "sched_setscheduler": (144, 119), "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "setpgid": (109, 154), "setsid": (112, 157), "setrlimit": (160, 164),
}  # fmt: skip

METADATA: dict[str, Numbers] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "truncate": (76, 45),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None),
    "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "getxattr": (191, 8), "lgetxattr": (192, 9), "fgetxattr": (193, 10), "listxattr": (194, 11),
    "llistxattr": (195, 12), "flistxattr": (196, 13), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "inotify_init": (253, None),
    "inotify_init1": (294, 26), "inotify_add_watch": (254, 27), "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263), "name_to_handle_at": (303, 264), "mknod": (133, None),
    "open_by_handle_at": (304, 265), "mknodat": (259, 33), "link": (86, None),
    "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
}  # fmt: skip

SYSTEM: dict[str, Numbers] = {
    "personality": (135, 92), "pivot_root": (155, 41), "chroot": (161, 51), "acct": (163, 89),
    "mount": (165, 40), "umount2": (166, 39), "swapon": (167, 224), "swapoff": (168, 225),
    "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "unshare": (272, 97), "setns": (308, 268), "vmsplice": (278, 75),
    "perf_event_open": (298, 241), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "bpf": (321, 280), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "syslog": (103, 116), "vhangup": (153, 58), "modify_ldt": (154, None),
    "lookup_dcookie": (212, 18), "uselib": (134, None), "nfsservctl": (180, 42),
    "sysfs": (139, None), "ustat": (136, None), "capset": (126, 91), "setuid": (105, 146),
    "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
    "setresuid": (117, 147), "setresgid": (119, 149), "setgroups": (116, 159),
    "setfsuid": (122, 151), "setfsgid": (123, 152),
}  # fmt: skip

PROGRAMS: dict[str, Numbers] = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
}  # fmt: skip
"""What LaTeX needs and nothing else: new processes and other programs."""

LINKS: dict[str, Numbers] = {"readlink": (89, None), "readlinkat": (267, 78)}
"""Refused as if nothing were a link: no version of Landlock covers where one leads. LaTeX finds its
packages by the link that it is started by, inside a root with nothing else in it."""

UNKNOWN: dict[str, Numbers] = {"clone3": (435, 435), "openat2": (437, 437)}
"""Refused as if the kernel were older: their arguments lie where a filter cannot see them."""

UNSUPPORTED: dict[str, Numbers] = {"fallocate": (285, 47)}
"""Refused as if the disk could not: it takes gigabytes in a moment, before anybody can look."""

CLONE: Numbers = (56, 220)
KILL: Numbers = (62, 129)
TGKILL: Numbers = (234, 131)
IOCTL: Numbers = (16, 29)
PRLIMIT: Numbers = (302, 261)
PRCTL: Numbers = (157, 167)
OPEN: Numbers = (2, None)
OPENAT: Numbers = (257, 56)
FCNTL: Numbers = (72, 25)
SECCOMP: Numbers = (317, 277)

FORBIDDEN = (SOCKETS, MESSAGES, OTHER_PROCESSES, METADATA, SYSTEM)
