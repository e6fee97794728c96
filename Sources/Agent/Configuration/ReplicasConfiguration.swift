/// Several agents that share the work of one consumer group.
public struct ReplicasConfiguration: Sendable, Equatable {
    public var isEnabled: Bool
    public var panesTopic: String
    public var controlTopic: String
    /// Partitions of the panes topic.
    public var evaluators: Int

    init(_ reader: CheckedReader) {
        isEnabled = reader.boolean("enabled")
        panesTopic = reader.text("panes_topic")
        controlTopic = reader.text("control_topic")
        evaluators = reader.count("evaluators")
    }
}
