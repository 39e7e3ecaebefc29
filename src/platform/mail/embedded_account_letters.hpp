// The letters about the life of an account, as a part of the table of embedded_templates.cpp, which alone includes
// this.
#pragma once
#include <array>

#include "platform/mail/embedded_templates.hpp"

namespace propusk::platform::account_letters {

inline constexpr char activation_en_subject[] = {
#embed "templates/activation.en.subject.txt"
};
inline constexpr char activation_en_text[] = {
#embed "templates/activation.en.txt"
};
inline constexpr char activation_en_html[] = {
#embed "templates/activation.en.html"
};
inline constexpr char activation_ru_subject[] = {
#embed "templates/activation.ru.subject.txt"
};
inline constexpr char activation_ru_text[] = {
#embed "templates/activation.ru.txt"
};
inline constexpr char activation_ru_html[] = {
#embed "templates/activation.ru.html"
};
inline constexpr char confirmation_en_subject[] = {
#embed "templates/confirmation.en.subject.txt"
};
inline constexpr char confirmation_en_text[] = {
#embed "templates/confirmation.en.txt"
};
inline constexpr char confirmation_en_html[] = {
#embed "templates/confirmation.en.html"
};
inline constexpr char confirmation_ru_subject[] = {
#embed "templates/confirmation.ru.subject.txt"
};
inline constexpr char confirmation_ru_text[] = {
#embed "templates/confirmation.ru.txt"
};
inline constexpr char confirmation_ru_html[] = {
#embed "templates/confirmation.ru.html"
};
inline constexpr char password_reset_en_subject[] = {
#embed "templates/password_reset.en.subject.txt"
};
inline constexpr char password_reset_en_text[] = {
#embed "templates/password_reset.en.txt"
};
inline constexpr char password_reset_en_html[] = {
#embed "templates/password_reset.en.html"
};
inline constexpr char password_reset_ru_subject[] = {
#embed "templates/password_reset.ru.subject.txt"
};
inline constexpr char password_reset_ru_text[] = {
#embed "templates/password_reset.ru.txt"
};
inline constexpr char password_reset_ru_html[] = {
#embed "templates/password_reset.ru.html"
};
inline constexpr char username_reset_en_subject[] = {
#embed "templates/username_reset.en.subject.txt"
};
inline constexpr char username_reset_en_text[] = {
#embed "templates/username_reset.en.txt"
};
inline constexpr char username_reset_en_html[] = {
#embed "templates/username_reset.en.html"
};
inline constexpr char username_reset_ru_subject[] = {
#embed "templates/username_reset.ru.subject.txt"
};
inline constexpr char username_reset_ru_text[] = {
#embed "templates/username_reset.ru.txt"
};
inline constexpr char username_reset_ru_html[] = {
#embed "templates/username_reset.ru.html"
};
inline constexpr char email_replaced_en_subject[] = {
#embed "templates/email_replaced.en.subject.txt"
};
inline constexpr char email_replaced_en_text[] = {
#embed "templates/email_replaced.en.txt"
};
inline constexpr char email_replaced_en_html[] = {
#embed "templates/email_replaced.en.html"
};
inline constexpr char email_replaced_ru_subject[] = {
#embed "templates/email_replaced.ru.subject.txt"
};
inline constexpr char email_replaced_ru_text[] = {
#embed "templates/email_replaced.ru.txt"
};
inline constexpr char email_replaced_ru_html[] = {
#embed "templates/email_replaced.ru.html"
};

inline constexpr char identity_connected_en_subject[] = {
#embed "templates/identity_connected.en.subject.txt"
};
inline constexpr char identity_connected_en_text[] = {
#embed "templates/identity_connected.en.txt"
};
inline constexpr char identity_connected_en_html[] = {
#embed "templates/identity_connected.en.html"
};
inline constexpr char identity_connected_ru_subject[] = {
#embed "templates/identity_connected.ru.subject.txt"
};
inline constexpr char identity_connected_ru_text[] = {
#embed "templates/identity_connected.ru.txt"
};
inline constexpr char identity_connected_ru_html[] = {
#embed "templates/identity_connected.ru.html"
};
inline constexpr char identity_disconnected_en_subject[] = {
#embed "templates/identity_disconnected.en.subject.txt"
};
inline constexpr char identity_disconnected_en_text[] = {
#embed "templates/identity_disconnected.en.txt"
};
inline constexpr char identity_disconnected_en_html[] = {
#embed "templates/identity_disconnected.en.html"
};
inline constexpr char identity_disconnected_ru_subject[] = {
#embed "templates/identity_disconnected.ru.subject.txt"
};
inline constexpr char identity_disconnected_ru_text[] = {
#embed "templates/identity_disconnected.ru.txt"
};
inline constexpr char identity_disconnected_ru_html[] = {
#embed "templates/identity_disconnected.ru.html"
};

inline constexpr std::array all{
    EmbeddedTemplate{"activation.en.subject.txt", whole(activation_en_subject)},
    EmbeddedTemplate{"activation.en.txt", whole(activation_en_text)},
    EmbeddedTemplate{"activation.en.html", whole(activation_en_html)},
    EmbeddedTemplate{"activation.ru.subject.txt", whole(activation_ru_subject)},
    EmbeddedTemplate{"activation.ru.txt", whole(activation_ru_text)},
    EmbeddedTemplate{"activation.ru.html", whole(activation_ru_html)},
    EmbeddedTemplate{"confirmation.en.subject.txt", whole(confirmation_en_subject)},
    EmbeddedTemplate{"confirmation.en.txt", whole(confirmation_en_text)},
    EmbeddedTemplate{"confirmation.en.html", whole(confirmation_en_html)},
    EmbeddedTemplate{"confirmation.ru.subject.txt", whole(confirmation_ru_subject)},
    EmbeddedTemplate{"confirmation.ru.txt", whole(confirmation_ru_text)},
    EmbeddedTemplate{"confirmation.ru.html", whole(confirmation_ru_html)},
    EmbeddedTemplate{"password_reset.en.subject.txt", whole(password_reset_en_subject)},
    EmbeddedTemplate{"password_reset.en.txt", whole(password_reset_en_text)},
    EmbeddedTemplate{"password_reset.en.html", whole(password_reset_en_html)},
    EmbeddedTemplate{"password_reset.ru.subject.txt", whole(password_reset_ru_subject)},
    EmbeddedTemplate{"password_reset.ru.txt", whole(password_reset_ru_text)},
    EmbeddedTemplate{"password_reset.ru.html", whole(password_reset_ru_html)},
    EmbeddedTemplate{"username_reset.en.subject.txt", whole(username_reset_en_subject)},
    EmbeddedTemplate{"username_reset.en.txt", whole(username_reset_en_text)},
    EmbeddedTemplate{"username_reset.en.html", whole(username_reset_en_html)},
    EmbeddedTemplate{"username_reset.ru.subject.txt", whole(username_reset_ru_subject)},
    EmbeddedTemplate{"username_reset.ru.txt", whole(username_reset_ru_text)},
    EmbeddedTemplate{"username_reset.ru.html", whole(username_reset_ru_html)},
    EmbeddedTemplate{"email_replaced.en.subject.txt", whole(email_replaced_en_subject)},
    EmbeddedTemplate{"email_replaced.en.txt", whole(email_replaced_en_text)},
    EmbeddedTemplate{"email_replaced.en.html", whole(email_replaced_en_html)},
    EmbeddedTemplate{"email_replaced.ru.subject.txt", whole(email_replaced_ru_subject)},
    EmbeddedTemplate{"email_replaced.ru.txt", whole(email_replaced_ru_text)},
    EmbeddedTemplate{"email_replaced.ru.html", whole(email_replaced_ru_html)},
    EmbeddedTemplate{"identity_connected.en.subject.txt", whole(identity_connected_en_subject)},
    EmbeddedTemplate{"identity_connected.en.txt", whole(identity_connected_en_text)},
    EmbeddedTemplate{"identity_connected.en.html", whole(identity_connected_en_html)},
    EmbeddedTemplate{"identity_connected.ru.subject.txt", whole(identity_connected_ru_subject)},
    EmbeddedTemplate{"identity_connected.ru.txt", whole(identity_connected_ru_text)},
    EmbeddedTemplate{"identity_connected.ru.html", whole(identity_connected_ru_html)},
    EmbeddedTemplate{"identity_disconnected.en.subject.txt", whole(identity_disconnected_en_subject)},
    EmbeddedTemplate{"identity_disconnected.en.txt", whole(identity_disconnected_en_text)},
    EmbeddedTemplate{"identity_disconnected.en.html", whole(identity_disconnected_en_html)},
    EmbeddedTemplate{"identity_disconnected.ru.subject.txt", whole(identity_disconnected_ru_subject)},
    EmbeddedTemplate{"identity_disconnected.ru.txt", whole(identity_disconnected_ru_text)},
    EmbeddedTemplate{"identity_disconnected.ru.html", whole(identity_disconnected_ru_html)},
};

}  // namespace propusk::platform::account_letters
