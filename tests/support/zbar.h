/* What a phone would read: an image of black and white, decoded by zbarimg (Debian's zbar-tools). */
#ifndef SUPPORT_ZBAR_H
#define SUPPORT_ZBAR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/folder.h"

#define ZBAR_DOT 4      /* pixels a module is wide and high */

struct image {
    int columns, rows;          /* in modules */
    unsigned char *black;
};

static inline struct image image_new(int columns, int rows)
{
    return (struct image){columns, rows, mem_new((size_t)columns * (size_t)rows)};
}

/* The text of the QR code in the image, "" when there is none; yours. The image is freed. */
static inline char *image_decode(struct image *image)
{
    char *folder = folder_new(), *path = text_format("%s/image.pgm", folder);
    char *command = text_format("zbarimg --quiet --raw '%s' 2>/dev/null", path), read[4096] = "";
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "P5\n%d %d\n255\n", image->columns * ZBAR_DOT, image->rows * ZBAR_DOT);
    for (int y = 0; y < image->rows * ZBAR_DOT; y++)
        for (int x = 0; x < image->columns * ZBAR_DOT; x++)
            fputc(image->black[y / ZBAR_DOT * image->columns + x / ZBAR_DOT] ? 0 : 255, file);
    fclose(file);
    FILE *zbar = popen(command, "r");
    assert_non_null(zbar);
    size_t size = fread(read, 1, sizeof read - 1, zbar);
    pclose(zbar);
    while (size && read[size - 1] == '\n')
        size--;
    folder_gone(folder);
    free(path);
    free(command);
    free(image->black);
    return mem_copy_bytes(read, size);
}

#endif
