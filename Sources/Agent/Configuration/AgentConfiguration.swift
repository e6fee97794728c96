import Foundation

/// All that can be set about an agent. Durations are microseconds; times are microseconds since 1970 UTC.
///
/// Read from YAML along one table of keys (`ConfigurationKeys`), which the JSON Schema and the reference in
/// `docs/configuration.md` are made from too.
public struct AgentConfiguration: Sendable, Equatable {
    public var agent: AgentSettings
    public var kafka: KafkaConfiguration
    public var sources: SourcesConfiguration
    public var publish: PublicationConfiguration
    public var replicas: ReplicasConfiguration
    public var limits: LimitsConfiguration
    /// At least one, with different names.
    public var models: [ModelConfiguration]
    public var alerting: AlertingConfiguration
    public var log: LogConfiguration

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: A YAML file. Paths in it are relative to the working directory, as this one is.
    ///   - overrides: `key=value` with dotted key paths: `models[0].window.length=1d`. The value is YAML.
    ///   - environment: Where `${NAME}` in a text is looked up.
    /// - Throws: `ConfigurationError` with every problem of file and overrides.
    public static func load(
        path: String, overrides: [String] = [], environment: [String: String]
    ) throws(ConfigurationError) -> AgentConfiguration {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            let reason = FileManager.default.fileExists(atPath: path) ? "cannot be read" : "does not exist"
            throw ConfigurationError(
                path: path,
                problems: [
                    .init(
                        keyPath: "", line: nil, message: reason,
                        suggestion: "the path of a YAML file, such as the repository's config/tidewatch.yaml")
                ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                path: path,
                problems: [.init(keyPath: "", line: nil, message: "is not UTF-8 text", suggestion: "save it as UTF-8")])
        }
        return try parse(text, path: path, overrides: overrides, environment: environment)
    }

    /// Reads a text; `path` is what its errors call it.
    public static func parse(
        _ text: String, path: String = "configuration", overrides: [String] = [], environment: [String: String] = [:]
    ) throws(ConfigurationError) -> AgentConfiguration {
        var problems: [ConfigurationProblem] = []
        var document = ConfigurationNode(content: .table([]), line: nil)
        do {
            document = try ConfigurationParser.parse(text) ?? document
        } catch {
            throw ConfigurationError(path: path, problems: [error])
        }
        for argument in overrides {
            do {
                document = try ConfigurationOverride(argument).applied(to: document)
            } catch {
                problems.append(error)
            }
        }
        var checker = ConfigurationChecker(environment: environment)
        let checked = checker.check(document, as: ConfigurationKeys.root, at: "")
        problems += checker.problems
        guard problems.isEmpty, case .table(let root) = checked?.content else {
            throw ConfigurationError(path: path, problems: problems)
        }
        return AgentConfiguration(CheckedReader(root))
    }

    /// The brokers; `nil` where the sources are files and nothing is published.
    /// - Throws: `ConfigurationError` where the keys that only a running agent needs are absent.
    public func brokers(path: String) throws(ConfigurationError) -> String? {
        if kafka.bootstrapServers != nil || !sources.files.isEmpty { return kafka.bootstrapServers }
        throw ConfigurationError(
            path: path,
            problems: [
                .init(
                    keyPath: "kafka.bootstrap_servers", line: nil,
                    message: "is missing; the agent needs a broker to read topics",
                    suggestion: "--set kafka.bootstrap_servers=localhost:9092")
            ])
    }

    init(_ reader: CheckedReader) {
        agent = AgentSettings(reader.table("agent"))
        kafka = KafkaConfiguration(reader.table("kafka"))
        sources = SourcesConfiguration(reader.table("sources"))
        publish = PublicationConfiguration(reader.table("publish"))
        replicas = ReplicasConfiguration(reader.table("replicas"))
        limits = LimitsConfiguration(reader.table("limits"))
        models = reader.tables("models").map(ModelConfiguration.init)
        alerting = AlertingConfiguration(reader.table("alerting"))
        log = LogConfiguration(reader.table("log"))
    }
}
