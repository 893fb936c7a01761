/** Longest name that the kernel takes for a network device (IFNAMSIZ - 1, linux/if.h). */
export const DEVICE_NAME_MAX = 15;
