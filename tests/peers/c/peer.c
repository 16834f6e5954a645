/* xmlrpc-c as a peer: `peer pipe` or `peer server`; see tests/peers/peer.py. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>
#include <xmlrpc-c/server.h>
#include <xmlrpc-c/server_abyss.h>

/* The words of a line, one after the other. */
static char *rest;

static char *word(void) {
    char *found = strsep(&rest, " \n");
    return found ? found : "";
}

static void put_packed(FILE *out, const unsigned char *data, size_t size) {
    if (size == 0) fputc('-', out);
    for (size_t at = 0; at < size; at++) fprintf(out, "%02x", data[at]);
}

static int digit(char hex) {
    return hex <= '9' ? hex - '0' : hex - 'a' + 10;
}

/* The bytes of a word, with a zero behind them, to be freed. */
static unsigned char *unpacked(const char *packed, size_t *size) {
    *size = strcmp(packed, "-") ? strlen(packed) / 2 : 0;
    unsigned char *data = calloc(*size + 1, 1);
    for (size_t at = 0; at < *size; at++) data[at] = (unsigned char)(digit(packed[2 * at]) << 4 | digit(packed[2 * at + 1]));
    return data;
}

/* Values as words, as tests/peers/notation.py has them. */

static void put_string(xmlrpc_env *env, FILE *out, xmlrpc_value *value) {
    size_t size;
    const char *text;
    xmlrpc_read_string_lp(env, value, &size, &text);
    if (env->fault_occurred) return;
    put_packed(out, (const unsigned char *)text, size);
    free((void *)text);
}

static void put_array(xmlrpc_env *env, FILE *out, xmlrpc_value *value);
static void put_struct(xmlrpc_env *env, FILE *out, xmlrpc_value *value);

static void put(xmlrpc_env *env, FILE *out, xmlrpc_value *value) {
    xmlrpc_int32 number;
    xmlrpc_int64 wide;
    xmlrpc_bool truth;
    double real;
    size_t size;
    const unsigned char *data;
    xmlrpc_datetime moment;

    switch (xmlrpc_value_type(value)) {
    case XMLRPC_TYPE_INT:
        xmlrpc_read_int(env, value, &number);
        fprintf(out, "i %d", number);
        break;
    case XMLRPC_TYPE_I8:
        xmlrpc_read_i8(env, value, &wide);
        fprintf(out, "i %lld", (long long)wide);
        break;
    case XMLRPC_TYPE_BOOL:
        xmlrpc_read_bool(env, value, &truth);
        fprintf(out, "b %d", truth);
        break;
    case XMLRPC_TYPE_DOUBLE:
        xmlrpc_read_double(env, value, &real);
        fprintf(out, "d %.17g", real);
        break;
    case XMLRPC_TYPE_STRING:
        fputs("s ", out);
        put_string(env, out, value);
        break;
    case XMLRPC_TYPE_BASE64:
        xmlrpc_read_base64(env, value, &size, &data);
        if (env->fault_occurred) return;
        fputs("x ", out);
        put_packed(out, data, size);
        free((void *)data);
        break;
    case XMLRPC_TYPE_DATETIME:
        xmlrpc_read_datetime(env, value, &moment);
        fprintf(out, "t %04u%02u%02uT%02u:%02u:%02u", moment.Y, moment.M, moment.D, moment.h, moment.m, moment.s);
        break;
    case XMLRPC_TYPE_NIL:
        fputs("n", out);
        break;
    case XMLRPC_TYPE_ARRAY:
        put_array(env, out, value);
        break;
    case XMLRPC_TYPE_STRUCT:
        put_struct(env, out, value);
        break;
    default:
        xmlrpc_env_set_fault(env, XMLRPC_TYPE_ERROR, "a value of no type that has a notation");
    }
}

static void put_array(xmlrpc_env *env, FILE *out, xmlrpc_value *value) {
    int size = xmlrpc_array_size(env, value);
    fprintf(out, "a %d", size);
    for (int index = 0; index < size && !env->fault_occurred; index++) {
        xmlrpc_value *item;
        xmlrpc_array_read_item(env, value, index, &item);
        fputc(' ', out);
        put(env, out, item);
        xmlrpc_DECREF(item);
    }
}

static void put_struct(xmlrpc_env *env, FILE *out, xmlrpc_value *value) {
    int size = xmlrpc_struct_size(env, value);
    fprintf(out, "m %d", size);
    for (int index = 0; index < size && !env->fault_occurred; index++) {
        xmlrpc_value *name, *item;
        xmlrpc_struct_read_member(env, value, index, &name, &item);
        fputc(' ', out);
        put_string(env, out, name);
        fputc(' ', out);
        put(env, out, item);
        xmlrpc_DECREF(name);
        xmlrpc_DECREF(item);
    }
}

static xmlrpc_value *get_integer(xmlrpc_env *env) {
    long long number = strtoll(word(), NULL, 10);
    return number == (xmlrpc_int32)number ? xmlrpc_int_new(env, (int)number) : xmlrpc_i8_new(env, number);
}

/* The function with cr keeps each CR; the other one takes CR and CRLF for ends of lines. */
static xmlrpc_value *get_string(xmlrpc_env *env) {
    size_t size;
    unsigned char *text = unpacked(word(), &size);
    xmlrpc_value *value = xmlrpc_string_new_lp_cr(env, size, (const char *)text);
    free(text);
    return value;
}

static xmlrpc_value *get_base64(xmlrpc_env *env) {
    size_t size;
    unsigned char *data = unpacked(word(), &size);
    xmlrpc_value *value = xmlrpc_base64_new(env, size, data);
    free(data);
    return value;
}

static xmlrpc_value *get_array(xmlrpc_env *env);
static xmlrpc_value *get_struct(xmlrpc_env *env);

/* The value of the next words, or NULL with a fault in `env`. */
static xmlrpc_value *get(xmlrpc_env *env) {
    switch (*word()) {
    case 'n': return xmlrpc_nil_new(env);
    case 'i': return get_integer(env);
    case 'b': return xmlrpc_bool_new(env, *word() == '1');
    case 'd': return xmlrpc_double_new(env, strtod(word(), NULL));
    case 's': return get_string(env);
    case 'x': return get_base64(env);
    case 't': return xmlrpc_datetime_new_str(env, word());
    case 'a': return get_array(env);
    default: return get_struct(env);
    }
}

static xmlrpc_value *get_array(xmlrpc_env *env) {
    xmlrpc_value *array = xmlrpc_array_new(env);
    for (int left = atoi(word()); left > 0 && !env->fault_occurred; left--) {
        xmlrpc_value *item = get(env);
        if (env->fault_occurred) break;
        xmlrpc_array_append_item(env, array, item);
        xmlrpc_DECREF(item);
    }
    return array;
}

static xmlrpc_value *get_struct(xmlrpc_env *env) {
    xmlrpc_value *made = xmlrpc_struct_new(env);
    for (int left = atoi(word()); left > 0 && !env->fault_occurred; left--) {
        xmlrpc_value *name = get_string(env);
        xmlrpc_value *item = env->fault_occurred ? NULL : get(env);
        if (env->fault_occurred) break;
        xmlrpc_struct_set_value_v(env, made, name, item);
        xmlrpc_DECREF(name);
        xmlrpc_DECREF(item);
    }
    return made;
}

/* What a line can ask for. Each writes its answer, unless it leaves a fault in `env`. */

static void decode(xmlrpc_env *env, FILE *out) {
    size_t size;
    unsigned char *document = unpacked(word(), &size);
    xmlrpc_value *value = NULL;
    int code = 0;
    const char *text = NULL;
    xmlrpc_parse_response2(env, (const char *)document, size, &value, &code, &text);
    free(document);
    if (env->fault_occurred) return;
    if (text) {
        xmlrpc_env_set_fault(env, code, text);
        return;
    }
    fputs("value ", out);
    put(env, out, value);
    xmlrpc_DECREF(value);
}

static void encode(xmlrpc_env *env, FILE *out) {
    xmlrpc_value *value = get(env);
    if (env->fault_occurred) return;
    xmlrpc_mem_block *document = xmlrpc_mem_block_new(env, 0);
    xmlrpc_serialize_response(env, document, value);
    if (!env->fault_occurred) {
        fputs("document ", out);
        put_packed(out, xmlrpc_mem_block_contents(document), xmlrpc_mem_block_size(document));
    }
    xmlrpc_mem_block_free(document);
    xmlrpc_DECREF(value);
}

static void call(xmlrpc_env *env, FILE *out, xmlrpc_client *client) {
    const char *url = word();
    const char *method = word();
    xmlrpc_value *params = get(env);
    if (env->fault_occurred) return;
    xmlrpc_server_info *server = xmlrpc_server_info_new(env, url);
    xmlrpc_value *result;
    xmlrpc_client_call2(env, client, server, method, params, &result);
    xmlrpc_server_info_free(server);
    xmlrpc_DECREF(params);
    if (env->fault_occurred) return;
    fputs("value ", out);
    put(env, out, result);
    xmlrpc_DECREF(result);
}

static void answer(xmlrpc_client *client) {
    xmlrpc_env env;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    const char *operation = word();
    xmlrpc_env_init(&env);
    if (!strcmp(operation, "decode")) decode(&env, out);
    else if (!strcmp(operation, "encode")) encode(&env, out);
    else call(&env, out, client);
    fclose(out);
    if (env.fault_occurred) {
        /* The library's own codes are around -500. */
        if (env.fault_code < -600 || env.fault_code > 0) printf("fault %d ", env.fault_code);
        else printf("refused ");
        put_packed(stdout, (const unsigned char *)env.fault_string, strlen(env.fault_string));
    } else {
        fputs(text, stdout);
    }
    putchar('\n');
    fflush(stdout);
    free(text);
    xmlrpc_env_clean(&env);
}

static int answer_lines(xmlrpc_env *env) {
    struct xmlrpc_curl_xportparms curl = {.timeout = 10000};
    struct xmlrpc_clientparms parms = {
        .transport = "curl",
        .transportparmsP = &curl,
        .transportparm_size = XMLRPC_CXPSIZE(timeout),
        .dialect = xmlrpc_dialect_i8,
    };
    xmlrpc_client *client;
    xmlrpc_client_setup_global_const(env);
    xmlrpc_client_create(env, XMLRPC_CLIENT_NO_FLAGS, "peer", "1", &parms, XMLRPC_CPSIZE(dialect), &client);
    if (env->fault_occurred) return 1;
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        rest = line;
        answer(client);
    }
    free(line);
    xmlrpc_client_destroy(client);
    xmlrpc_client_teardown_global_const();
    return 0;
}

static xmlrpc_value *echo(xmlrpc_env *env, xmlrpc_value *params, void *info, void *call_info) {
    xmlrpc_value *value;
    (void)info;
    (void)call_info;
    xmlrpc_array_read_item(env, params, 0, &value);
    return env->fault_occurred ? NULL : value;
}

static int serve(xmlrpc_env *env) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address)) return 1;
    getsockname(listener, (struct sockaddr *)&address, &length);

    xmlrpc_registry *registry = xmlrpc_registry_new(env);
    struct xmlrpc_method_info3 method = {.methodName = "echo", .methodFunction = echo};
    xmlrpc_registry_add_method3(env, registry, &method);
    xmlrpc_registry_set_dialect(env, registry, xmlrpc_dialect_i8);
    xmlrpc_server_abyss_parms parms = {
        .registryP = registry,
        .socket_bound = 1,
        .socket_handle = listener,
        .uri_path = "/RPC2",
    };
    alarm(600); /* whatever happens, it does not run for longer */
    listen(listener, 16); /* so that nobody is refused before the library listens */
    printf("http://127.0.0.1:%d/RPC2\n", ntohs(address.sin_port));
    fflush(stdout);
    xmlrpc_server_abyss(env, &parms, XMLRPC_APSIZE(uri_path));
    return env->fault_occurred;
}

int main(int argc, char **argv) {
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    int failed = argc > 1 && !strcmp(argv[1], "server") ? serve(&env) : answer_lines(&env);
    if (env.fault_occurred) fprintf(stderr, "%s\n", env.fault_string);
    return failed;
}
