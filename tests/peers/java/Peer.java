// aXMLRPC as a peer: `Peer pipe`; it has no server. See tests/peers/peer.py.

import de.timroes.axmlrpc.Call;
import de.timroes.axmlrpc.ResponseParser;
import de.timroes.axmlrpc.XMLRPCClient;
import de.timroes.axmlrpc.XMLRPCServerException;
import de.timroes.axmlrpc.serializer.SerializerHandler;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Date;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

public class Peer {
    // Both extensions that the library has to be asked for: i8 and nil.
    static final int FLAGS = XMLRPCClient.FLAGS_8BYTE_INT | XMLRPCClient.FLAGS_NIL;

    public static void main(String[] args) throws Exception {
        // The library prints some of its troubles, and standard output is for answers.
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answers.println(answer(new ArrayDeque<>(Arrays.asList(line.split(" ")))));
            answers.flush();
        }
    }

    static String answer(Deque<String> words) {
        try {
            switch (words.remove()) {
                case "decode": return "value " + decode(unpacked(words.remove()));
                case "encode": return "document " + packed(encode(value(words)));
                default: return "value " + call(words.remove(), words.remove(), (Object[]) value(words));
            }
        } catch (XMLRPCServerException fault) {
            return "fault " + fault.getErrorNr() + " " + packed(utf8(fault.getMessage()));
        } catch (Exception | StackOverflowError error) {
            return "refused " + packed(utf8(String.valueOf(error)));
        }
    }

    static String decode(byte[] document) throws Exception {
        return spoken(new ResponseParser().parse(new SerializerHandler(FLAGS), new ByteArrayInputStream(document), false));
    }

    static byte[] encode(Object value) throws Exception {
        return utf8(new Call(new SerializerHandler(FLAGS), "m", new Object[] {value}).getXML(false));
    }

    static String call(String url, String method, Object[] params) throws Exception {
        XMLRPCClient client = new XMLRPCClient(new URL(url), FLAGS);
        client.setTimeout(10);
        return spoken(client.call(method, params));
    }

    // Values as words, as tests/peers/notation.py has them.

    static String spoken(Object value) throws Exception {
        if (value == null) return "n";
        if (value instanceof Boolean) return (Boolean) value ? "b 1" : "b 0";
        if (value instanceof Integer || value instanceof Long) return "i " + value;
        if (value instanceof Double) return "d " + value;
        if (value instanceof String) return "s " + packed(utf8((String) value));
        if (value instanceof byte[]) return "x " + packed((byte[]) value);
        if (value instanceof Date) return "t " + new SimpleDateFormat("yyyyMMdd'T'HH:mm:ss").format((Date) value);
        StringBuilder words = new StringBuilder();
        if (value instanceof Object[]) {
            words.append("a ").append(((Object[]) value).length);
            for (Object item : (Object[]) value) words.append(' ').append(spoken(item));
            return words.toString();
        }
        Map<?, ?> struct = (Map<?, ?>) value;
        words.append("m ").append(struct.size());
        for (Map.Entry<?, ?> member : struct.entrySet()) {
            words.append(' ').append(packed(utf8((String) member.getKey())));
            words.append(' ').append(spoken(member.getValue()));
        }
        return words.toString();
    }

    static Object value(Deque<String> words) throws Exception {
        String kind = words.remove();
        if (kind.equals("n")) return null;
        String word = words.remove();
        switch (kind) {
            case "i": return integer(Long.parseLong(word));
            case "b": return word.equals("1");
            case "d": return Double.valueOf(word);
            case "s": return text(word);
            case "x": return unpacked(word);
            case "t": return new SimpleDateFormat("yyyyMMdd'T'HH:mm:ss").parse(word);
            case "a":
                Object[] array = new Object[Integer.parseInt(word)];
                for (int index = 0; index < array.length; index++) array[index] = value(words);
                return array;
            default:
                Map<String, Object> struct = new LinkedHashMap<>();
                for (int left = Integer.parseInt(word); left > 0; left--) {
                    String name = text(words.remove());
                    struct.put(name, value(words));
                }
                return struct;
        }
    }

    static Object integer(long number) {
        if (number == (int) number) return (int) number;
        return number;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(String word) {
        return new String(unpacked(word), StandardCharsets.UTF_8);
    }

    static String packed(byte[] data) {
        if (data.length == 0) return "-";
        StringBuilder word = new StringBuilder(2 * data.length);
        for (byte one : data) {
            word.append(Character.forDigit(one >> 4 & 15, 16)).append(Character.forDigit(one & 15, 16));
        }
        return word.toString();
    }

    static byte[] unpacked(String word) {
        if (word.equals("-")) return new byte[0];
        ByteArrayOutputStream data = new ByteArrayOutputStream(word.length() / 2);
        for (int at = 0; at < word.length(); at += 2) data.write(Integer.parseInt(word.substring(at, at + 2), 16));
        return data.toByteArray();
    }
}
