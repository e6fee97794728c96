import CRdKafka

/// Owns a configuration of the library until a client takes it over.
struct Configuration: ~Copyable {
    private let pointer: OpaquePointer

    /// Sets the properties in the order of their names.
    ///
    /// - Throws: a configuration error that names the property.
    static func make(properties: [String: String], callbacks: ClientCallbacks) throws(KafkaError) -> Configuration {
        guard let pointer = rd_kafka_conf_new() else {
            throw KafkaError(.other, "no memory for a configuration")
        }
        let configuration = Configuration(takingOwnership: pointer)
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            try configuration.set(name, value)
        }
        configuration.install(callbacks)
        return configuration
    }

    private init(takingOwnership pointer: OpaquePointer) { self.pointer = pointer }

    deinit { rd_kafka_conf_destroy(pointer) }

    private func set(_ name: String, _ value: String) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        let result = rd_kafka_conf_set(pointer, name, value, &reason, reason.count)
        guard result == RD_KAFKA_CONF_OK else {
            throw KafkaError(.configuration, "property '\(name)': \(text(reason))")
        }
    }

    private func install(_ callbacks: ClientCallbacks) {
        rd_kafka_conf_set_opaque(pointer, Unmanaged.passUnretained(callbacks).toOpaque())
        rd_kafka_conf_set_log_cb(pointer) { client, level, facility, text in
            guard let client, let opaque = rd_kafka_opaque(client) else { return }
            ClientCallbacks.from(opaque).log(level: level, facility: facility, text: text)
        }
        rd_kafka_conf_set_error_cb(pointer) { client, number, reason, opaque in
            guard let opaque else { return }
            ClientCallbacks.from(opaque).report(clientError(client, number, reason))
        }
        rd_kafka_conf_set_stats_cb(pointer) { _, document, length, opaque in
            if let opaque, let document {
                let bytes = UnsafeRawBufferPointer(start: document, count: length)
                ClientCallbacks.from(opaque).keepStatistics(Array(bytes))
            }
            return 0  // the library frees the document
        }
        if callbacks.delivery != nil {
            rd_kafka_conf_set_dr_msg_cb(pointer) { _, message, opaque in
                guard let opaque, let message else { return }
                ClientCallbacks.from(opaque).delivery?.handle(message)
            }
        }
    }

    /// For consumers: takes assignment into our own hands.
    func handleRebalances() {
        rd_kafka_conf_set_rebalance_cb(pointer) { _, event, partitions, opaque in
            guard let opaque else { return }
            ClientCallbacks.from(opaque).rebalance?(event, partitions)
        }
    }

    /// Starts a client. The configuration is the client's if that succeeds, and is freed here if not.
    consuming func start(_ type: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
        let pointer = pointer
        discard self
        var reason = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(type, pointer, &reason, reason.count) else {
            rd_kafka_conf_destroy(pointer)
            throw KafkaError(.configuration, "the client could not be started: \(text(reason))")
        }
        return client
    }
}

/// A C string in a buffer of our own.
func text(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// What the library's error callback means; a fatal error's own number and text have to be asked for.
private func clientError(_ client: OpaquePointer?, _ number: Int32, _ reason: UnsafePointer<CChar>?) -> KafkaError {
    let error = rd_kafka_resp_err_t(rawValue: number)
    guard error == RD_KAFKA_RESP_ERR__FATAL, let client else {
        return KafkaError(error, reason.map { String(cString: $0) } ?? "the client reports")
    }
    var buffer = [CChar](repeating: 0, count: 512)
    let cause = rd_kafka_fatal_error(client, &buffer, buffer.count)
    return KafkaError(cause, text(buffer), isFatal: true)
}
