/* xmlrpc-c over libcurl: a thread and a client for each connection; see measure.py. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <xmlrpc-c/base.h>
#include <xmlrpc-c/client.h>

static const char *url;
static pthread_barrier_t start;

static void stop_on_fault(xmlrpc_env *env) {
    if (!env->fault_occurred) return;
    fprintf(stderr, "%s\n", env->fault_string);
    exit(1);
}

static void call(xmlrpc_env *env, xmlrpc_client *client, xmlrpc_server_info *server) {
    xmlrpc_value *params = xmlrpc_build_value(
        env, "(is{s:s,s:s,s:{s:s,s:s}})", (xmlrpc_int32)12345678, "abc123def456abc123def456abc12345",
        "email", "example@example.com", "event_tag", "my_event",
        "event_data", "name", "content1", "other_name", "content2");
    stop_on_fault(env);
    xmlrpc_value *answer;
    xmlrpc_client_call2(env, client, server, "mailkit.journeys.trigger", params, &answer);
    stop_on_fault(env);
    const char *message, *status;
    xmlrpc_int32 error_status;
    xmlrpc_decompose_value(
        env, answer, "{s:s,s:s,s:i,*}", "message", &message, "status", &status, "error_status", &error_status);
    stop_on_fault(env);
    if (strcmp(message, "Added into scenario events queue") || strcmp(status, "OK") || error_status) {
        fputs("not the answer\n", stderr);
        exit(1);
    }
    free((void *)message);
    free((void *)status);
    xmlrpc_DECREF(answer);
    xmlrpc_DECREF(params);
}

static void *work(void *share) {
    int count = *(int *)share;
    xmlrpc_env env;
    xmlrpc_client *client;
    xmlrpc_env_init(&env);
    xmlrpc_client_create(&env, XMLRPC_CLIENT_NO_FLAGS, "client", "1", NULL, 0, &client);
    stop_on_fault(&env);
    xmlrpc_server_info *server = xmlrpc_server_info_new(&env, url);
    stop_on_fault(&env);
    for (int left = count; left > 0; left--) call(&env, client, server);
    pthread_barrier_wait(&start); /* all are warm */
    pthread_barrier_wait(&start); /* the clocks were read */
    for (int left = count; left > 0; left--) call(&env, client, server);
    pthread_barrier_wait(&start); /* all have ended */
    xmlrpc_server_info_free(server);
    xmlrpc_client_destroy(client);
    xmlrpc_env_clean(&env);
    return NULL;
}

static double wall(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    url = argv[1];
    int calls = atoi(argv[2]), connections = atoi(argv[3]);
    xmlrpc_env env;
    xmlrpc_env_init(&env);
    xmlrpc_client_setup_global_const(&env);
    stop_on_fault(&env);
    pthread_barrier_init(&start, NULL, connections + 1);
    pthread_t threads[connections];
    int shares[connections];
    for (int number = 0; number < connections; number++) {
        shares[number] = calls / connections + (number < calls % connections);
        pthread_create(&threads[number], NULL, work, &shares[number]);
    }
    pthread_barrier_wait(&start);
    double began = wall(), before = cpu();
    pthread_barrier_wait(&start);
    pthread_barrier_wait(&start);
    printf("{\"seconds\": %.9f, \"cpu\": %.9f, \"calls\": %d}\n", wall() - began, cpu() - before, calls);
    for (int number = 0; number < connections; number++) pthread_join(threads[number], NULL);
    xmlrpc_client_teardown_global_const();
    return 0;
}
