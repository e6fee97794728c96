import Agent
import Detection
import Foundation
import Statistics
import Testing

/// The least configuration that is right.
let leastConfiguration = """
    models:
      - name: fraud
        task: binary
        positive: fraud
    """

@Suite struct ConfigurationTests {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func shipped(_ name: String, environment: [String: String] = [:]) throws -> AgentConfiguration {
        try AgentConfiguration.load(
            path: root.appending(path: "config/\(name)").path, environment: environment)
    }

    @Test func theLeastConfigurationTakesEveryDefault() throws {
        let configuration = try AgentConfiguration.parse(leastConfiguration)
        #expect(configuration.agent.stateDirectory == "./tidewatch-state")
        #expect(configuration.agent.workers == 2)
        #expect(configuration.agent.checkpointInterval == 10_000_000)
        #expect(configuration.kafka.bootstrapServers == nil)
        #expect(configuration.kafka.group == "tidewatch")
        #expect(configuration.sources.topics == ["predictions", "outcomes"])
        #expect(configuration.sources.maximumEventBytes == 1_048_576)
        #expect(configuration.sources.maximumAge == 604_800_000_000)
        #expect(configuration.sources.start == .earliest)
        #expect(configuration.publish.isEnabled && configuration.publish.eventsTopic == "tidewatch.events")
        #expect(configuration.limits.featuresPerEvent == 4_096)
        #expect(configuration.alerting.webhooks.isEmpty && configuration.alerting.giveUpAfter == 259_200_000_000)
        #expect(configuration.log.level == .info)
        let model = try #require(configuration.models.first)
        #expect(model.task == .binary(positive: "fraud"))
        #expect(model.reference.source == .registry && model.reference.learnedRows == 10_000)
        #expect(model.window.length == 7 * model.window.slide && model.window.slide == 86_400_000_000)
        #expect(model.window.origin == 0)
        #expect(model.maximumLabelDelay == 172_800_000_000)
        #expect(model.drift.rules.isEmpty)
        let calibrated = try #require(model.drift.calibrated)
        #expect(calibrated.budget == FalseAlarmBudget("1 per 30d") && calibrated.calibration == .analytic)
        #expect(model.performance.rules.isEmpty)
        #expect(model.quality.usesDefaults && model.quality.rules.isEmpty && model.segments.columns.isEmpty)
        #expect(model.segments.maximumValues == 50 && !model.segments.countsDrift)
        #expect(!model.retraining.isEnabled && model.retraining.holdout == 0.2)
        #expect(model.retraining.metric == .accuracy && model.retraining.parameters.learningRate == 0.1)
        #expect(model.rollback.isEnabled && model.rollback.minimumLabels == 300)
    }

    @Test func everyShippedConfigurationLoads() throws {
        let full = try Self.shipped("tidewatch.yaml")
        let fraud = try #require(full.models.first)
        #expect(fraud.retraining.isEnabled)
        #expect(fraud.retraining.performanceBelow == .init(metric: .accuracy, below: 0.8))
        #expect(fraud.retraining.driftedShareAbove == 0.1)
        #expect(fraud.performance.rules.map(\.raisesBelow) == [true, true, false])

        let electricity = try #require(try Self.shipped("elec2.yaml").models.first)
        #expect(electricity.name == "electricity" && electricity.task == .binary(positive: "UP"))
        #expect(electricity.window.length == 14 * electricity.window.slide)
        #expect(electricity.maximumLabelDelay == 7 * 86_400_000_000)
        #expect(electricity.performance.rules.first?.raise == 0.8 && electricity.retraining.isEnabled)

        let housing = try #require(try Self.shipped("california-housing.yaml").models.first)
        #expect(housing.name == "housing" && housing.task == .binary(positive: "1"))
        #expect(housing.reference.source == .learn && housing.reference.learnedRows == 5_000)
        #expect(housing.window.origin == 1_601_510_400_000_000)
        #expect(housing.window.length == housing.window.slide && !housing.retraining.isEnabled)
        #expect(housing.performance.rules.first?.raise == 0.75 && housing.performance.rules.first?.clear == 0.8)
    }

    /// The examples name every key, so that they can be read in place of the reference: those of files and of replicas have their own.
    @Test func theFullExampleNamesEveryKey() throws {
        let text = try ["config/tidewatch.yaml", "config/files.yaml", "config/replicas.yaml"].map {
            try String(contentsOf: Self.root.appending(path: $0), encoding: .utf8)
        }.joined()
        let keys = ConfigurationSchema.markdownReference().split(separator: "\n")
            .filter { $0.hasPrefix("| `") }.compactMap { $0.split(separator: "`").dropFirst().first }
            .compactMap { $0.split(separator: ".").last }.map { $0.replacingOccurrences(of: "[]", with: "") }
        #expect(keys.count > 80)
        let missing = Set(keys).filter { !text.contains("\($0):") }
        #expect(missing.subtracting(["classes"]).isEmpty)
    }

    @Test func filesTakeThePlaceOfTopics() throws {
        let files = try Self.shipped("files.yaml").sources
        #expect(files.streams == ["/var/log/scoring/predictions.jsonl", "/var/log/scoring/outcomes.jsonl"])
        let shared = try AgentConfiguration.parse(
            leastConfiguration + "\nsources: {predictions: {file: \"-\"}}")
        #expect(shared.sources.streams == ["-"])
        #expect(try shared.brokers(path: "a.yaml") == nil)
    }

    @Test func replicasShareTopicsAndNoFiles() throws {
        let path = Self.root.appending(path: "config/replicas.yaml").path
        let shared = try AgentConfiguration.load(path: path, environment: ["INSTANCE": "agent-0"])
        #expect(shared.replicas.isEnabled && shared.replicas.evaluators == 8)
        #expect(shared.kafka.instanceID == "agent-0")
        let error = #expect(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(
                leastConfiguration + "\nsources: {predictions: {file: \"-\"}}\nreplicas: {enabled: true}")
        }
        #expect(error?.description.contains("the sources are files") == true)
        let taken = #expect(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(
                leastConfiguration + "\nreplicas: {enabled: true, panes_topic: tidewatch.events}")
        }
        #expect(taken?.description.contains("which publish.events_topic uses already") == true)
    }

    @Test func aRunNeedsABrokerAndAReplayDoesNot() throws {
        let configuration = try AgentConfiguration.parse(leastConfiguration)
        #expect(throws: ConfigurationError.self) { try configuration.brokers(path: "a.yaml") }
        let withBroker = try AgentConfiguration.parse(
            leastConfiguration, overrides: ["kafka.bootstrap_servers=broker:9092"])
        #expect(try withBroker.brokers(path: "a.yaml") == "broker:9092")
    }

    @Test func referencesComeFromTheRegistryTheStreamOrAFile() throws {
        func reference(_ text: String) throws -> ReferenceConfiguration? {
            try AgentConfiguration.parse(leastConfiguration + "\n    reference: \(text)").models.first?.reference
        }
        #expect(try reference("{learn: 500}")?.source == .learn)
        #expect(try reference("{learn: 500}")?.learnedRows == 500)
        #expect(try reference("{registry: true, learn: 700}")?.source == .registry)
        #expect(try reference("{registry: true, learn: 700}")?.learnedRows == 700)
        let source = try reference("{file: a.csv, target: y, time: t, exclude: [id]}")?.source
        guard case .file(let file)? = source else {
            Issue.record("\(String(describing: source)) is no file")
            return
        }
        #expect(file.path == "a.csv" && file.target == "y" && file.time == "t" && file.exclude == ["id"])
    }

    @Test func labelsMayBeNumbersAndBooleans() throws {
        let text = """
            models:
              - {name: digits, task: multiclass, classes: [0, 1, true]}
              - {name: price, task: regression}
            """
        let models = try AgentConfiguration.parse(text).models
        #expect(models.map(\.task) == [.multiclass(classes: ["0", "1", "true"]), .regression])
        #expect(models.last?.retraining.metric == .rmse && models.last?.rollback.metric == .rmse)
    }

    @Test func overridesReplaceOneKey() throws {
        let configuration = try AgentConfiguration.parse(
            leastConfiguration,
            overrides: [
                "agent.workers=8", "models[0].window.length=14d", "models[0].drift.rules=[]",
                "kafka.properties.security.protocol=ssl", "kafka.properties={a.b: 1}",
                "kafka.properties.sasl.username=me", "models[1]={name: price, task: regression}",
                "alerting.webhooks[0].url=https://example.com/a=b", "alerting.webhooks[0].secrets=[\"x\"]",
            ])
        #expect(configuration.agent.workers == 8)
        #expect(configuration.models.map(\.name) == ["fraud", "price"])
        let fraud = try #require(configuration.models.first)
        #expect(fraud.window.length == 14 * 86_400_000_000)
        #expect(fraud.drift.rules.isEmpty)
        #expect(configuration.kafka.properties == ["a.b": "1", "sasl.username": "me"])
        #expect(configuration.alerting.webhooks.first?.url == "https://example.com/a=b")
    }

    @Test func environmentFillsTexts() throws {
        let text =
            leastConfiguration + """

                kafka: {bootstrap_servers: "${HOST}:${PORT}", properties: {sasl.password: "$${x} ${PORT}"}}
                alerting:
                  webhooks:
                    - {url: "${HOOK}", secrets: ["${SECRET}"]}
                """
        let environment = ["HOST": "broker", "PORT": "9092", "HOOK": "https://example.com/h", "SECRET": "s3cret"]
        let configuration = try AgentConfiguration.parse(text, environment: environment)
        #expect(configuration.kafka.bootstrapServers == "broker:9092")
        #expect(configuration.kafka.properties == ["sasl.password": "${x} 9092"])
        #expect(configuration.alerting.webhooks.first?.secrets == ["s3cret"])
        #expect(!"\(configuration)".contains("s3cret") && !"\(configuration.kafka)".contains("${x}"))
    }

    @Test func messagesShowTheVariableAndNeverItsValue() throws {
        let text = leastConfiguration + "\nalerting: {webhooks: [{url: \"${HOOK}\", secrets: [x]}]}"
        let error = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration.parse(text, environment: ["HOOK": "ftp://user:s3cret@host"])
        }
        #expect(error.problems.map(\.keyPath) == ["alerting.webhooks[0].url"])
        #expect(error.description.contains("${HOOK}") && !error.description.contains("s3cret"))
    }

    @Test func anAbsentSectionAndAnEmptyOneAreTheSame() throws {
        let empty = try AgentConfiguration.parse(leastConfiguration + "\nagent:\nkafka:\n  properties:\nlimits: {}\n")
        #expect(try empty == AgentConfiguration.parse(leastConfiguration))
    }
}
