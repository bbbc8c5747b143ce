//! How a widget looks and behaves: the `widget` object of the handshake, field for field as Robofy documents it.

use serde::{Deserialize, Serialize};

/// Texts of the panel's header and menus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Header {
    /// The panel's title.
    pub title: String,
    /// The line below the title.
    pub subtitle: String,
    /// Label of the chat tab.
    pub chat_tab_label: String,
    /// Placeholder of the message field.
    pub input_placeholder: String,
    /// Label of the action that downloads the transcript.
    pub download_transcript_label: String,
    /// Label of the action that ends the session.
    pub end_session_label: String,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            title: "Hello there 👋".into(),
            subtitle: "How can I help you today?".into(),
            chat_tab_label: "Chat".into(),
            input_placeholder: "Type message here..".into(),
            download_transcript_label: "Download Transcript".into(),
            end_session_label: "End Chat Session".into(),
        }
    }
}

/// Colours, place and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Branding {
    /// 0 light, 1 dark, 2 as the visitor's system says.
    pub theme_mode: u8,
    /// The main colour as `#RRGGBB`.
    pub theme_color: String,
    /// Whether "Powered by" is shown.
    pub show_powered_by: bool,
    /// `bottom-right`, `bottom-left`, `top-right` or `top-left`.
    pub widget_position: String,
    /// Address of the launcher's icon; empty for the built-in one.
    pub widget_bubble_icon: String,
    /// The brand that "Powered by" names.
    pub brand_name: String,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            theme_mode: 0,
            theme_color: "#2563EB".into(),
            show_powered_by: true,
            widget_position: "bottom-right".into(),
            widget_bubble_icon: String::new(),
            brand_name: "Natter".into(),
        }
    }
}

/// What the widget does by itself and what it offers.
#[expect(clippy::struct_excessive_bools, reason = "the documented wire shape")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Opens the panel when the page has loaded.
    pub open_on_page_load: bool,
    /// Shows the bubble on small screens.
    pub show_on_mobile: bool,
    /// Offers dictation where the browser can.
    pub show_microphone: bool,
    /// Closes an idle panel after so many seconds; 0 never.
    pub close_after_time: u32,
    /// Shows the sources of an answer.
    pub enable_sources: bool,
    /// Shows suggested questions.
    pub enable_suggested_questions: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            open_on_page_load: false,
            show_on_mobile: true,
            show_microphone: false,
            close_after_time: 0,
            enable_sources: true,
            enable_suggested_questions: true,
        }
    }
}

/// The lines shown while an answer is being prepared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Loader {
    /// Shown one after the other.
    pub loader_texts: Vec<String>,
    /// Whether they are shown at all.
    pub enable_loader: bool,
}

impl Default for Loader {
    fn default() -> Self {
        let texts = [
            "Understanding Query",
            "Analyzing",
            "Thinking",
            "Collecting Data",
            "Generating Response",
        ];
        Self { loader_texts: texts.map(String::from).to_vec(), enable_loader: true }
    }
}

/// Texts of the question asked before a reset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ResetModal {
    /// Title.
    pub reset_chat_modal_title: String,
    /// What a reset does.
    pub reset_chat_modal_description: String,
    /// Label of the button that resets.
    pub confirm_reset_chat_button_text: String,
    /// Label of the button that does not.
    pub cancel_reset_chat_button_text: String,
    /// Whether the question is asked.
    pub enable_reset_chat_modal: bool,
}

impl Default for ResetModal {
    fn default() -> Self {
        Self {
            reset_chat_modal_title: "Reset Chat".into(),
            reset_chat_modal_description:
                "This will permanently remove this conversation, including messages and \
                                           any chat context stored for this session."
                    .into(),
            confirm_reset_chat_button_text: "Yes, reset".into(),
            cancel_reset_chat_button_text: "Cancel".into(),
            enable_reset_chat_modal: true,
        }
    }
}

/// What is asked of and kept about the visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// Shows thumbs up and down below answers.
    pub enable_chat_rating: bool,
    /// Keeps the visitor's address with the session.
    pub capture_ip_address: bool,
    /// The terms, as Markdown. When set they must be accepted before a session exists.
    pub chatbot_privacy_term: Option<String>,
}

/// The whole `widget` object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Widget {
    /// Header texts.
    pub header: Header,
    /// Colours, place, name.
    pub branding: Branding,
    /// Behaviour.
    pub behaviour: Behaviour,
    /// Loading lines.
    pub loader: Loader,
    /// Reset question.
    pub reset_modal: ResetModal,
    /// Privacy.
    pub privacy: Privacy,
    /// Style sheet adopted inside the widget's shadow root.
    pub custom_css: Option<String>,
    /// Script of the owner. Never run unless the page's own tag opts in.
    pub custom_js: Option<String>,
}

/// Texts of the form that asks for contact details.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct LeadCapture {
    /// Title.
    pub form_title: Option<String>,
    /// The line below it.
    pub form_subtitle: Option<String>,
    /// Label of the button.
    pub submit_button_text: Option<String>,
}
