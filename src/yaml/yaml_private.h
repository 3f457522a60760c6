/* What the two halves of yaml/doc.h share: doc.c reads, write.c writes. */
#ifndef YAML_PRIVATE_H
#define YAML_PRIVATE_H

#include "base/value.h"

/* What a plain (unquoted) scalar is: YAML 1.2.2, 10.3.2 (core schema), and yes and no. */
enum scalar yaml_plain_scalar(const char *text);

#endif
