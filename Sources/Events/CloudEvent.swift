/// Something that happened, as CloudEvents 1.0 describes it; the body is JSON.
public struct CloudEvent: Sendable, Equatable {
    /// With `source`, what makes it unique: the same in every retry.
    public var id: String
    /// Who says so, a URI reference: `/tidewatch/<agent>`.
    public var source: String
    /// `tidewatch.drift.detected` and so on.
    public var type: String
    /// What it is about, within the source; a model's name, for instance.
    public var subject: String?
    /// When it happened, microseconds since 1970 UTC.
    public var timeMicroseconds: Int64
    /// The body: JSON.
    public var data: [UInt8]

    public init(
        id: String, source: String, type: String, subject: String? = nil, timeMicroseconds: Int64, data: [UInt8]
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.timeMicroseconds = timeMicroseconds
        self.data = data
    }

    /// The record of Kafka's binary mode: attributes as `ce_` headers, the body as it is.
    /// - Parameter key: records with one key keep their order; events are keyed by model.
    public func record(topic: String, key: String) -> PublishedRecord {
        var headers = [
            (name: "ce_id", value: id), (name: "ce_source", value: source), (name: "ce_specversion", value: "1.0"),
            (name: "ce_type", value: type), (name: "ce_time", value: EventTime.format(timeMicroseconds)),
            (name: "content-type", value: "application/json"),
        ]
        if let subject { headers.insert((name: "ce_subject", value: subject), at: 4) }
        return PublishedRecord(topic: topic, key: key, value: data, headers: headers)
    }
}
