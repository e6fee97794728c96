import CRdKafka

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What librdkafka says of a property before any client is made with it.
public enum KafkaProperty {
    /// What is wrong with a property.
    public enum Problem: Sendable, Equatable {
        /// The library has none of this name.
        case unknownName
        /// It has, and does not take the value; the library's own words, which may quote the value.
        case badValue(String)
    }

    /// Sets a property in a configuration that is thrown away; `nil` where the library takes it. Whether files that it
    /// names exist, or passwords are right, shows only when a client starts.
    public static func problem(name: String, value: String) -> Problem? {
        guard let configuration = rd_kafka_conf_new() else { return nil }
        defer { rd_kafka_conf_destroy(configuration) }
        var reason = [CChar](repeating: 0, count: 512)
        switch rd_kafka_conf_set(configuration, name, value, &reason, reason.count) {
        case RD_KAFKA_CONF_OK: return nil
        case RD_KAFKA_CONF_UNKNOWN: return .unknownName
        default: return .badValue(text(reason))
        }
    }

    /// The names of all properties that the library documents, in its order; empty where it cannot be asked.
    public static let names: [String] = {
        // The library tells its properties to a C stream only.
        let buffer = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 1)
        let size = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        buffer.initialize(to: nil)
        size.initialize(to: 0)
        defer {
            free(buffer.pointee)
            buffer.deallocate()
            size.deallocate()
        }
        guard let stream = open_memstream(buffer, size) else { return [] }
        rd_kafka_conf_properties_show(stream)
        guard fclose(stream) == 0, let start = buffer.pointee else { return [] }
        let bytes = UnsafeRawBufferPointer(start: start, count: size.pointee)
        // A table: name | C/P | range | default | importance | description.
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|")
            guard cells.count >= 5, let name = cells.first?.split(separator: " ").first, name.contains("."),
                name != "C/P"
            else { return nil }
            return String(name)
        }
    }()
}
